/** An option's value as a whole number; anything else is refused by the option's name. */
export function wholeNumber(option: string, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new Error(`${option} ${value}: it takes a whole number, such as ${option} 1000`);
}
