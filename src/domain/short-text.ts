/** The beginning of a text that is longer than that. */
export const shortText = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
