/** A list of products, cut to length: as JSON is, neither all alike nor random. */
export function jsonOf(bytes: number): string {
  let text = "[";
  for (let id = 1; text.length < bytes; id++) text += `{"id":${id},"name":"product ${id}","price":${(id * 37) % 997}},`;
  return `${text.slice(0, bytes - 1)}]`;
}
