/** Steps of the start with their seconds: a bar where somebody looks, plain lines elsewhere. */
export interface Progress {
  step: <Result>(label: string, body: () => Promise<Result>) => Promise<Result>;
  totalSeconds: () => number;
}

export function makeProgress(out: (text: string) => void): Progress {
  const beganMs = performance.now();
  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
  return {
    async step(label, body) {
      const since = performance.now();
      const result = await body();
      out(`  ${label.padEnd(46, '.')} ${seconds(since)} s`);
      return result;
    },
    totalSeconds: () => Number(seconds(beganMs)),
  };
}
