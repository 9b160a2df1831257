import type { Group } from "./group.ts";
import type { ListeningSockets } from "./listening-sockets.ts";

/** A listener's sockets, and who accepts from them. What is asked for is done one after the other. */
export class ServedListener {
  readonly key: string;
  readonly sockets: ListeningSockets;
  /** More than one while it is being moved. */
  readonly #groups = new Set<Group>();
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(key: string, sockets: ListeningSockets) {
    this.key = key;
    this.sockets = sockets;
  }

  /** Whether a worker of the group is to accept from it. */
  isServedBy(group: Group): boolean {
    return this.#groups.has(group);
  }

  /**
   * Has a group serve it, and no other one: what comes while it changes hands is taken by either. Rejects where there is no file descriptor left to share; who served it before goes on then.
   */
  serve(group: Group): Promise<void> {
    return this.#then(async () => {
      if (this.#closed || this.#groups.has(group)) return;
      const before = [...this.#groups];
      this.#groups.add(group);
      try {
        await group.listen(this.key, this.sockets);
      } catch (error) {
        await this.#leave(group);
        throw error;
      }
      for (const other of before) await this.#leave(other);
    });
  }

  /** Closes the sockets once nothing waits there any more. */
  close(): Promise<void> {
    return this.#then(async () => {
      if (this.#closed) return;
      this.#closed = true;
      // From here on the workers' are the last descriptors, so that nothing comes after a queue was found empty.
      this.sockets.close();
      await Promise.all([...this.#groups].map((group) => this.#leave(group)));
    });
  }

  async #leave(group: Group): Promise<void> {
    this.#groups.delete(group);
    await group.unlisten(this.key);
  }

  #then(step: () => Promise<void>): Promise<void> {
    const done = this.#last.then(step);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
