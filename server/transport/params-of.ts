// From a live message to what an operation is given: the same for a socket and for a job.

/** The message without what the transport alone needs. */
export function paramsOf<T extends { t: unknown; id: unknown }>(message: T): Omit<T, "t" | "id"> {
  const { t: _t, id: _id, ...params } = message;
  return params;
}
