/** Longer ones differ in what is of no use for a name. */
const maxLength = 120;

/**
 * What paths of one kind have in common: without the query, and with `:id` for each segment that no person has thought of: a number, a UUID, a
 * long hexadecimal number, or a long mixture of letters and digits. Tokens and mail addresses are that as well: they are shown to nobody.
 *
 * @param target path and query
 */
export function pathShape(target: string): string {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  const shape = path.replaceAll(/[^/]+/g, (segment) => (isId(segment) ? ":id" : segment));
  return shape.length <= maxLength ? shape : `${shape.slice(0, maxLength)}…`;
}

const ids = [
  /^\d+$/,
  /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
  /^(?=.*\d)[\da-f]{8,}$/i,
  // ULIDs, nanoids, Stripe's; not words with hyphens, as slugs are.
  /^(?=.*\d)(?=.*[a-z])(?!.*-.*-)[\w-]{16,}$/i,
  // Base64 has hyphens anywhere, a JSON Web Token dots; both have capitals in their midst.
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w.~%=+-]{24,}$/,
  /.(?:@|%40)./,
];

function isId(segment: string): boolean {
  return ids.some((id) => id.test(segment));
}
