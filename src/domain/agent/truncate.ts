/** A text of at most so many characters, the middle cut out with a notice: how a text begins and ends says the most. */
export const truncateMiddle = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const head = Math.ceil(limit * 0.7);
  const tail = limit - head;
  const cut = text.length - limit;
  return `${text.slice(0, head).toWellFormed()}\n[Cut: ${cut} of ${text.length} characters are left out here.]\n${text.slice(-tail).toWellFormed()}`;
};
