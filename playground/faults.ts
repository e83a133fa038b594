/** Faults asked for through `/_play/fault`, used up one by one. */
export interface Faults {
  add(fault: { target: string; kind: string; count: number; method?: string | undefined }): void;
  clear(target: string): void;
  /** The next fault for this target (and method), counted down; undefined when there is none. */
  take(target: string, method?: string): string | undefined;
  active(): { target: string; kind: string; method?: string; left: number }[];
}

export function makeFaults(): Faults {
  let faults: { target: string; kind: string; method?: string; left: number }[] = [];
  return {
    add: ({ target, kind, count, method }) => {
      faults.push({ target, kind, left: count, ...(method === undefined ? {} : { method }) });
    },
    clear: (target) => {
      faults = faults.filter((fault) => fault.target !== target);
    },
    take: (target, method) => {
      const fault = faults.find(
        (f) => f.target === target && (f.method === undefined || f.method === method),
      );
      if (fault === undefined) return undefined;
      fault.left -= 1;
      faults = faults.filter((f) => f.left > 0);
      return fault.kind;
    },
    active: () => faults.map((fault) => ({ ...fault })),
  };
}
