/** Why a call was refused. */
export class Refused extends Error {
  /** @param {'sold_out' | 'declined' | 'bad_request' | 'unknown'} reason */
  constructor(reason, message = reason) {
    super(message);
    this.name = 'Refused';
    this.reason = reason;
  }
}
