import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf } from "../kernel/index.ts";
import type { Fault } from "./fields.ts";

const expected = "a public key in PEM form (-----BEGIN PUBLIC KEY-----), or a file that holds one";

/** The key that is written there or is in the file, as SPKI; PKCS #1 and certificates hold one, too. @param root folder of the config */
export function readPublicKey(written: string, root: string): { readonly pem: string } | Fault {
  if (written.includes("-----BEGIN")) return toSpki(written, "in the text");
  const file = resolve(root, written);
  try {
    return toSpki(readFileSync(file, "utf8"), `in ${file}`);
  } catch (error) {
    const why = codeOf(error) === "ENOENT" ? `there is no file ${file}` : `${file} cannot be read: ${codeOf(error)}`;
    return { expected, found: why };
  }
}

function toSpki(text: string, where: string): { readonly pem: string } | Fault {
  // Node would make the public key of it; but whoever has put it here has laid it open to more readers than it should have.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    const hint = "verifying needs the public key alone: `openssl pkey -in private.pem -pubout`";
    return { expected, found: `a private key ${where}`, hint };
  }
  try {
    return { pem: createPublicKey(text).export({ type: "spki", format: "pem" }) as string };
  } catch {
    return { expected, found: `no key that can be read ${where}` };
  }
}
