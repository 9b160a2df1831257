/**
 * `struct epoll_event` (epoll_ctl(2)): 32 bits of events and 64 of data, which are told back with each event. The kernel packs it on x86_64 (sys/epoll.h: `__EPOLL_PACKED`) and aligns the data
 * elsewhere. The data here are two numbers of 32 bits: a file descriptor, and which of those that had this number it is.
 */
export interface EpollEventLayout {
  /** Of one event, in words of 4 bytes. */
  readonly size: number;
  /** Place of the file descriptor, in words; behind it is the generation. The events are the first word. */
  readonly data: number;
}

/** @param architecture - `process.arch` */
export function epollEventLayout(architecture: string): EpollEventLayout {
  return architecture === "x64" ? { size: 3, data: 1 } : { size: 4, data: 2 };
}
