// What happens to a file, in words that can be checked.

import { h } from "./dom.js";

const CHECKS = [
  ["Coupez le réseau", "(mode avion), puis rechargez la page et déposez votre classeur : tout fonctionne de même."],
  ["Ouvrez les outils du navigateur", "(touche F12), onglet « Réseau » : pendant tout le travail, aucune requête ne part vers un serveur. Les seules adresses commencent par « blob: » ou « data: » : ce sont des morceaux de cette page, dans la mémoire du navigateur."],
  ["Lisez l'en-tête du fichier", ": sa « Content-Security-Policy » interdit au navigateur lui-même toute connexion vers l'extérieur, quoi que contienne un classeur."],
  ["Regardez l'onglet « Stockage »", "(ou « Application ») des mêmes outils : ni cookie, ni donnée gardée. Fermez l'onglet : il ne reste rien, sauf les fichiers que vous avez téléchargés."],
];

export function drawPrivacy() {
  const nodes = [
    h("h1", {}, "Rien ne quitte votre ordinateur"),
    h("p", { class: "lead" }, "Le classeur que vous déposez est lu par cette page, dans la mémoire de cet onglet, sur votre ordinateur : il n'est envoyé à personne, pas même au Département, et la page ne garde rien."),
    h("section", { class: "card" }, h("h2", {}, "Comment le vérifier"), h("ol", { class: "checks" }, CHECKS.map(([strong, words]) => h("li", {}, h("strong", {}, strong), ` ${words}`)))),
    h("section", {}, h("h2", {}, "Ce qui reste à votre soin"),
      h("ul", {}, [
        "Les fichiers téléchargés vont dans votre dossier de téléchargements, avec les données de votre classeur : rangez-les comme l'original, effacez ceux qui ne servent plus.",
        "Le navigateur garde le nom des fichiers téléchargés dans son historique de téléchargements.",
        "« Copier » place une ligne dans le presse-papiers : collez-la seulement là où elle doit aller.",
        "Sur un poste partagé, fermez l'onglet quand vous avez fini.",
      ].map((words) => h("li", {}, words)))),
  ];
  return { title: "Rien ne quitte votre ordinateur", nodes };
}
