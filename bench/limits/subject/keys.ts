import { draws } from "../../support/draws.ts";
import { zipfDraws } from "../../support/zipf-draws.ts";

/** One of many IPv4 addresses: a string of its own each time, as those of connections are. */
export function addressOf(place: number): string {
  return `10.${(place >> 16) & 255}.${(place >> 8) & 255}.${place & 255}`;
}

/** Which key comes when is drawn beforehand, so that drawing costs nothing. */
const length = 65_536;
const exponent = 1;

export function drawKeys(count: number, isZipf: boolean): string[] {
  const random = draws(1);
  const next = (): number => random.next().value;
  const place = isZipf ? zipfDraws(count, exponent, next) : () => Math.floor(next() * count);
  const all = Array.from({ length: count }, (_, i) => addressOf(i));
  return Array.from({ length }, () => all[place()]!);
}
