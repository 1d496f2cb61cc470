/** A line or a way of a branch that no test can reach, by its file and its text, and why it is there. */
export const explained: readonly { file: string; text: string; why: string }[] = [
  {
    file: "contracts/venues/VenueV2.sol",
    text: "out != 0 is false",
    why: "A donation of 2 or more is bought with at least 4 tokens, which leaves less of it than there was.",
  },
];
