const LEAST_LENGTH = 32;
const LEAST_DIFFERENT = 10;
/** Words of templates and of development; in random text they do not come about. */
const TELLING =
  /change-?me|replace-?me|password|secret|default|example|development|insecure|sample|00000000|12345678/i;

/** Why a secret is none; undefined where nothing speaks against it. Never quotes it. */
export function weaknessOf(secret: string, { local }: { local: boolean }): string | undefined {
  if (secret.length < LEAST_LENGTH) return `shorter than ${String(LEAST_LENGTH)} characters`;
  if (local) return undefined;
  if (new Set(secret).size < LEAST_DIFFERENT) return "made of few different characters, so not random";
  return TELLING.test(secret) ? "a default or a development value" : undefined;
}

const DEFAULT_PASSWORD = /^(|postgres|postgresql|password|secret|admin|root|changeme|example|slipway|test)$/i;

/** Whether a connection over a network goes with a password of templates, or with none. */
export function isDefaultPassword(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname, password } = new URL(url);
  return hostname !== "" && DEFAULT_PASSWORD.test(decodeURIComponent(password));
}
