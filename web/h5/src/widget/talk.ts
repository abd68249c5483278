// What the script in the other site's page and the card in its frame say to each other.

/** FromCard is what the card says to the page around it; nothing in it is secret. */
export type FromCard =
  | { quan: 'ready' } // and waits for hello
  | { quan: 'size'; height: number } // in CSS pixels
  | { quan: 'state'; state: string } // of the offer for this member, as GET /v1/pages/{code} has it
  | { quan: 'token' } // the token was not taken: is there another one?

/** ToCard is what the page says to the card. */
export type ToCard = { quan: 'hello' | 'token'; token: string; scheme?: 'light' | 'dark' }
