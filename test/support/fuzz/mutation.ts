import fc from "fast-check";

/** Changes bytes without knowing what they mean. */
export type Mutation = (bytes: string) => string;

const telling = [
  "\r",
  "\n",
  "\r\n",
  "\0",
  " ",
  "\t",
  ":",
  ",",
  ";",
  "/",
  "0",
  "1",
  "5",
  "a",
  "Z",
  "-",
  "+",
  "_",
  "\x0b",
  "\x7f",
  "\x80",
  "\xff",
  "\r\n\r\n",
  "\r\n ",
  "HTTP/1.1",
];

const place = fc.noBias(fc.nat(9_999)).map((share) => share / 10_000);
const bytesToInsert = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...telling) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) },
);

const at = (bytes: string, share: number): number => Math.floor(share * bytes.length);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, bytesToInsert).map(
    ([share, text]) =>
      (bytes: string) =>
        bytes.slice(0, at(bytes, share)) + text + bytes.slice(at(bytes, share)),
  ),
  fc.tuple(place, bytesToInsert).map(
    ([share, text]) =>
      (bytes: string) =>
        bytes.slice(0, at(bytes, share)) + text + bytes.slice(at(bytes, share) + text.length),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(
    ([share, count]) =>
      (bytes: string) =>
        bytes.slice(0, at(bytes, share)) + bytes.slice(at(bytes, share) + count),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 60 })).map(([share, count]) => (bytes: string) => {
    const from = at(bytes, share);
    return bytes.slice(0, from + count) + bytes.slice(from);
  }),
  // A bit, as memory and networks lose them.
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([share, bit]) => (bytes: string) => {
    const from = at(bytes, share);
    return bytes === ""
      ? ""
      : bytes.slice(0, from) + String.fromCharCode(bytes.charCodeAt(from) ^ (1 << bit)) + bytes.slice(from + 1);
  }),
  place.map((share) => (bytes: string) => bytes.slice(0, at(bytes, share))),
);

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
);
