export { addForwarding, clientAddress, createPeer, type Peer } from "./forwarding.ts";
export { type Problem, problemAnswer, problemMessage } from "./problem.ts";
export { readRequestHead, type RequestHead } from "./request-head.ts";
export { createRequestIds, isSaneRequestId } from "./request-id.ts";
export { hostName, isAuthority, parseTarget, type RequestTarget } from "./request-target.ts";
export { reasonPhrase, readResponseHead, readTrailers, type ResponseHead } from "./response-head.ts";
export { createTrust } from "./trusted-proxies.ts";
