/** Name of the signal that says how often one login of the warehouse used an asset on a day. Warehouses differ in the case of a login. */
export function usesOfLogin(login: string): string {
  return `uses of ${login.toLowerCase()}`;
}
