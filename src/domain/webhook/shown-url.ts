/** A URL as it is shown: the values of its query, which may be secrets, are left out. */
export const shownUrl = (text: string): string => {
  const url = new URL(text);
  const names = [...url.searchParams.keys()];
  return `${url.origin}${url.pathname}${names.length === 0 ? '' : `?${names.map((name) => `${encodeURIComponent(name)}=…`).join('&')}`}`;
};
