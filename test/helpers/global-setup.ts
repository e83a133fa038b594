/** Once per run: nothing to prepare yet. */
export function setup(): void {}
