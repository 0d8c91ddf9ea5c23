/** The major version of Node that Tenfold needs, as package.json says. */
export const oldestNode = 24;

export function isNodeNewEnough(version: string): boolean {
  return Number(version.split(".")[0]) >= oldestNode;
}
