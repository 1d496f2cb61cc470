/** A line or a way of a branch that no test can reach, by its file and its text, and why it is there. */
export const explained: readonly { file: string; text: string; why: string }[] = [
  {
    file: "contracts/venues/VenueV2.sol",
    text: "out != 0 is false",
    why: "A donation of 2 or more is bought with half of at least 1,000 tokens, which leaves less of it than there was.",
  },
  ...["VenueV2", "FullRangeVenue"].flatMap((venue) =>
    ["if (!taken) revert Venue_EtherRefused(msg.sender);", "!taken is true"].map((text) => ({
      file: `contracts/venues/${venue}.sol`,
      text,
      why: "A sale takes ETH from its venue; another caller that refuses its own money only reverts its own listing.",
    })),
  ),
];
