/** The provider's cookies. Cookies ignore ports, so two providers on localhost need names of their own. */

export const cookieOptions = { httpOnly: true, sameSite: 'lax', signed: true };

export function cookieNames(port) {
  return {
    session: `waymark_oidc_${port}_session`,
    interaction: `waymark_oidc_${port}_interaction`,
    resume: `waymark_oidc_${port}_resume`,
  };
}
