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

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const time = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
const forms = [
  // IMF-fixdate, the only one that is sent today.
  new RegExp(`^${day}, (?<day>\\d\\d) (?<month>[a-z]{3}) (?<year>\\d{4}) ${time} GMT$`, "i"),
  // RFC 850's.
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-(?<month>[a-z]{3})-(?<year>\\d\\d) ${time} GMT$`,
    "i",
  ),
  // asctime()'s.
  new RegExp(`^${day} (?<month>[a-z]{3}) (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`, "i"),
];

/**
 * An HTTP-date in any of its three forms (RFC 9110 §5.6.7), in any case (RFC 9111 §4.2), to the letter otherwise: who guesses what an
 * invalid date means keeps an answer for longer than its origin wants.
 *
 * @param now decides the century of a year in two digits: never more than 50 years ahead
 * @returns milliseconds since the epoch; `undefined`: it is no such date
 */
export function parseHttpDate(value: string, now = Date.now()): number | undefined {
  for (const form of forms) {
    const parts = form.exec(value)?.groups;
    if (parts === undefined) continue;
    const month = months.indexOf(parts["month"]!.toLowerCase());
    const [date, hour, minute, seconds] = [parts["day"], parts["hour"], parts["minute"], parts["second"]].map(
      Number,
    ) as [number, number, number, number];
    const year = parts["year"]!.length === 2 ? centuryOf(Number(parts["year"]), now) : Number(parts["year"]);
    // 60: a leap second.
    if (month === -1 || hour > 23 || minute > 59 || seconds > 60) return undefined;
    const at = new Date(0);
    at.setUTCFullYear(year, month, date);
    // A day that the month does not have has become one of the next.
    return at.getUTCMonth() === month && date > 0 ? at.setUTCHours(hour, minute, seconds) : undefined;
  }
  return undefined;
}

function centuryOf(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}
