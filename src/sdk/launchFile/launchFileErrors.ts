/** What a value of the launch file is refused with; each time with field, got, wanted and the way out. */
export const launchFileErrors = {
  "address-invalid": {
    title: "This is no address, or its checksum is wrong",
    wayOut: "Copy it again from where it comes from; never correct letters by hand.",
  },
  "amount-invalid": {
    title: "This is no amount",
    wayOut: 'Write a number and, where you like, its unit: "250_000 USDC".',
  },
  "amount-too-fine": {
    title: "The amount has more decimals than its currency or token",
    wayOut: "Round it to what one unit can express.",
  },
  "choice-invalid": {
    title: "This is none of the values that there are",
    wayOut: "Write one of those named.",
  },
  "country-invalid": {
    title: "This is no country",
    wayOut: 'Write ISO 3166: "KP", or with a part of the country "UA-43".',
  },
  "document-differs": {
    title: "The document is another one than the sale would carry",
    wayOut: "Take the file's hash, put the file back, or correct its path.",
  },
  "duration-invalid": { title: "This is no duration", wayOut: 'Write a number and a unit: "180 days".' },
  "field-unknown": { title: "There is no such field", wayOut: "Correct its name, or leave it out." },
  "hash-invalid": { title: "This is no hash", wayOut: "Write 0x and 64 hexadecimal digits." },
  "list-invalid": { title: "This is no list", wayOut: "Write it in [ and ]." },
  "number-invalid": {
    title: "This is no whole number in the range",
    wayOut: "Write one within the range named.",
  },
  "price-invalid": { title: "This is no price", wayOut: 'Write what one token costs: "0.05 USDC".' },
  "rule-broken": {
    title: "Fields contradict each other, or what contracts can do",
    wayOut: "Change the field named until the rule beside it holds.",
  },
  "share-invalid": { title: "This is no share", wayOut: 'Write a percentage, to a hundredth: "2.5%".' },
  "text-invalid": { title: "This text cannot be used", wayOut: "Shorten it, or write something." },
  "time-invalid": {
    title: "This is no time",
    wayOut: 'Write date, time and zone: "2040-03-01T14:00Z".',
  },
} as const;
