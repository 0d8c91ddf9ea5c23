/** Of the gateways that are looked at: small enough that cases reach them. */
export const limits = { maxHeadBytes: 2_048, maxTargetLength: 1_024, maxBodyBytes: 100_000 };
