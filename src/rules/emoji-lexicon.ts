import type { PhraseBook } from './kind.js';

/** Emoji, without skin tone and gender. */
export const emoji: PhraseBook = {
  thumbUp: `👍, 👌, ✅, ☑, ✔, ✓, 💯, 🙌, 🤝, 🆗, 🙆, 🙋, 🤙, 🫡, 🫱, 👊, 🤜, 🤛, 🟢, ⭕, 🏆`,
  thumbDown: `👎, ❌, ✖, ❎, ✗, ✘, 🚫, ⛔, 🙅, 🛑, 🖕, 😡, 🤬, 😠, 🤮, 🤢, 💩, 🔴, 📵, 🚮, 🙄, 😤, 😒, 💔`,
  cheer: `❤, 🧡, 💛, 💚, 💙, 💜, 🖤, 🤍, 💖, 💕, 😍, 🥰, 🤩, 🎉, 🥳, 🎊, 👏, 💪, 🔥, ⭐, 🌟, ✨, 😎, 🚀, 🙂, 😊, 😀, 😃, 😄, 😁, ✌, 🕺, 💃,
    🍻, 🥂, 😘, ☺, 😻`,
  shrug: `🤷, 🤔, 😐, 😕, 😶, ❓, ❔, 🤨, 🫤, 😬, ⚖`,
  filler: `♀, ♂, 😂, 🤣, 🙏, 😭, 😢, 😅, 👀, 😉, 😜, 🙈`,
};
