// The session of a member who signed in within the card. Cookies of a frame in another
// site are dropped by browsers, and scripts of that site can't read this storage: it is
// of our origin, and in most browsers of the site around it too. It ends with the tab.
const key = 'quan.visit'

export const visit = {
  kept(): string {
    try {
      return sessionStorage.getItem(key) || ''
    } catch {
      return '' // storage of frames is switched off: the session lasts as long as the page
    }
  },
  keep(token: string) {
    try {
      sessionStorage.setItem(key, token)
    } catch {
      // as above
    }
  },
}
