// The present minute, for words such as "2 minutes ago". It moves once a minute, and only while the window is looked at.

const MINUTE = 60_000;

export class Now {
  at = $state(Date.now());

  /** Made while a component is. */
  constructor() {
    $effect(() => {
      const turn = () => {
        if (!document.hidden) this.at = Date.now();
      };
      const timer = setInterval(turn, MINUTE);
      document.addEventListener("visibilitychange", turn);
      return () => {
        clearInterval(timer);
        document.removeEventListener("visibilitychange", turn);
      };
    });
  }
}
