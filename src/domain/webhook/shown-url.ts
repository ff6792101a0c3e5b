/** A URL as it is shown: the values of its query, which may be secrets, are left out, and so is a name that has no value. */
export const shownUrl = (text: string): string => {
  const { origin, pathname, search } = new URL(text);
  const parts = search.slice(1).split('&');
  const shown = parts.map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=…` : '…'));
  return `${origin}${pathname}${search === '' ? '' : `?${shown.join('&')}`}`;
};
