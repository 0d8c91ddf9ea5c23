let second = 0;
let text = "";

/** The Date field's value now (RFC 9110 §6.6.1), made once a second. */
export function httpDate(now = Date.now()): string {
  const current = Math.floor(now / 1_000);
  if (current !== second) {
    second = current;
    text = new Date(current * 1_000).toUTCString();
  }
  return text;
}
