/** Words of every day that lie one letter from a known word and must not be taken for its misspelling. */
export const commonWords = new Set(
  `rights runs objects sell notes content remote provide provides grand james agent lists actual points leading reads words
    stored blocks provider layer newer reuse socks gave latter issued props march helps clark clara clear simons spell sheet
    defend accent brothers paint leaving leaking black committee corrections rogers wrote night light might fight sight
    tight great greet treat fine find fired clever level fever lever soup soap note nose rope hope cope cost count court
    mouse house horse months moths mouth north worth worse worst works pounds stops shops steps story class glass close
    clean cleaner sugar super supper shore short share shirt score scare spare stare store storm cards cares parts party
    places please pleasant plans plant plate price pride prize proud defect detect decide decline device reuses refuge refund
    reject project product produce support report resort import export against again agent angry annoy apply apple approve
    approach
    cold cloud cooking comic wonder wondering wander moving making taking talking baking`.split(/\s+/),
);
