import type { CatalogRequest, CatalogSource } from '../contracts/catalog.ts';

/** The databases that a request names, one or several, each with its place in it. */
export const sourcesOf = (
  request: CatalogRequest,
  where: string,
): readonly { readonly wanted: CatalogSource; readonly where: string }[] => {
  if (request.sources !== undefined)
    return request.sources.map((wanted, index) => ({ wanted, where: `${where}.sources.${index}` }));
  const { s3_prefix: _, budget: __, sources: ___, ...wanted } = request;
  return [{ wanted, where }];
};
