import type { CacheOptions, CompressionOptions } from "./cache-options.ts";
import { defaults } from "./defaults.ts";
import type { GatewayOptions, RoutedOptions } from "./options.ts";

export type FilledCache = Required<Omit<CacheOptions, "ttl">> & Pick<CacheOptions, "ttl">;

export type FilledCompression = Required<CompressionOptions>;

/** @param otherwise what it does not say */
export function fillCache(written: RoutedOptions["cache"], otherwise: FilledCache): FilledCache | false {
  if (written === false) return false;
  return { ...otherwise, ...(typeof written === "string" ? { ttl: written } : written) };
}

export function fillCompression(
  written: GatewayOptions["compression"] = defaults.gateway.compression,
): FilledCompression | false {
  if (written === false) return false;
  return { ...defaults.compression, ...(typeof written === "string" ? { of: written } : written) };
}
