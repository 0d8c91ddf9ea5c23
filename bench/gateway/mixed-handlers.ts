/** How long a slow handler of the mixed origin waits, as for a query. */
export const slowHandlerMs = 20;
/** Of the connections, so many ask for nothing but what is slow. */
export const slowConnections = 8;
