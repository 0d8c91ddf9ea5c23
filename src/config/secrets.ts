/**
 * What must not be shown: values by the name they go by, and passwords in URLs. Names err on the side of hiding.
 */
const secretName =
  /(^|[^a-z])(token|secret|passw(or)?d|passphrase|credentials?|(api|private|access|signing|encryption)?_?key|salt|dsn)s?$/i;

/** Fields of our own of such a name: what answers, or upstreams, are told apart by; and limits may have any name. */
const openPath =
  /\.(cache|balance)\.key$|\.publicKey$|\.maxKeys$|\.limits(\.[\w$-]+|\["[^"]*"\])(\.tiers(\.[\w$-]+|\["[^"]*"\]))?$/;

/** By what a tier knows its callers, in lists too. */
const keysOfTiers = /^gateway\.tiers\b.*\.header[.[]/;

/** Whether the last step of a path, such as `services.api.env.JWT_SECRET`, names a secret. */
export function isSecretPath(path: string): boolean {
  if (keysOfTiers.test(path)) return true;
  if (openPath.test(path)) return false;
  const name = path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf("[")) + 1).replace(/["\]]/g, "");
  return secretName.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"));
}

/** `"postgres://app:s3cret@db/app"` → `"postgres://app:***@db/app"`. */
export function maskUrl(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):[^\s/?#]*@/gi, "$1:***@")
    .replace(/([?&](?:password|token|secret|key)=)[^&#\s]*/gi, "$1***");
}
