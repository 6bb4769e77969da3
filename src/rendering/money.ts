/**
 * An amount in a currency's minor unit (cents; whole yen; a thousandth of a dinar) as people write it: `4500`, `usd` → `$45.00`.
 * Without a number or a currency code there is nothing to write: the empty text.
 */
export function money(amount: unknown, currency: unknown, locale: string): string {
  if (typeof amount !== "number" || !Number.isFinite(amount)) return "";
  if (typeof currency !== "string" || !/^[a-z]{3}$/i.test(currency)) return "";
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** decimals);
}
