"""The problems of the domain in the reader's language, and the field of a form that each is about.

The domain says them in English; `IN_FRENCH` holds each sentence, as it stands in the source, with its French. A test
finds those that are missing.
"""

import flask_babel

from fediterr.core import errors
from fediterr.web import sentences

# English as raised, with {} for what is filled in: (French, the field it belongs to).
IN_FRENCH: dict[str, tuple[str, str]] = {
    # accounts
    "A name has 1 to 30 letters, digits or underscores (dots and hyphens inside).": (
        "Un identifiant compte de 1 à 30 lettres sans accent, chiffres ou tirets bas (points et tirets à l’intérieur).",
        "name",
    ),
    "The name {} is reserved.": ("L’identifiant {} est réservé.", "name"),
    "The name {} is taken.": ("L’identifiant {} est déjà pris.", "name"),
    "This is not an e-mail address.": ("Ce n’est pas une adresse électronique.", "email"),
    "This e-mail address has an account already.": ("Cette adresse électronique a déjà un compte.", "email"),
    "A password has at least 8 characters (and at most 256).": (
        "Un mot de passe compte au moins 8 caractères (et au plus 256).",
        "password",
    ),
    "There is no role {}: choose admin, moderator, member or guest.": (
        "Le rôle {} n’existe pas : choisissez admin, moderator, member ou guest.",
        "",
    ),
    "This is not your password.": ("Ce n’est pas votre mot de passe.", "password"),
    "This is your address already.": ("C’est déjà votre adresse.", "email"),
    "This address is not accepted here.": ("Cette adresse n’est pas acceptée ici.", "email"),
    "This code is wrong, or has been used.": ("Ce code est inexact, ou il a déjà servi.", "code"),
    "This took too long: begin again.": ("Cela a pris trop de temps : recommencez.", ""),
    "There is a second factor already.": ("La double authentification est déjà activée.", ""),
    "There is no second factor.": ("Il n’y a pas de double authentification.", ""),
    "Too many letters were asked for: wait a while.": ("Trop de courriels demandés : attendez un moment.", ""),
    "This account is not open, or waits to be let in.": ("Ce compte n’est pas ouvert, ou il attend d’être admis.", ""),
    "There is no such passkey.": ("Cette clé d’accès n’existe pas.", ""),
    "At most {} passkeys can be kept.": ("On peut garder au plus {} clés d’accès.", ""),
    "This passkey could not be read: try again.": ("Cette clé d’accès n’a pas pu être lue : recommencez.", ""),
    "This passkey is known already.": ("Cette clé d’accès est déjà connue.", ""),
    "This passkey is not known here.": ("Cette clé d’accès n’est pas connue ici.", ""),
    "There is no such session.": ("Cette session n’existe pas, ou elle est terminée.", ""),
    "The address or the password is wrong.": ("L’adresse ou le mot de passe est inexact.", ""),
    "This account is not open: ask an administrator.": (
        "Ce compte n’est pas ouvert : adressez-vous à une personne qui administre ce serveur.",
        "",
    ),
    "Confirm your address first: open the link that was sent to it.": (
        "Confirmez d’abord votre adresse : ouvrez le lien qui y a été envoyé.",
        "",
    ),
    "Somebody of this server reads your request first: you will get the answer by e-mail.": (
        "Une personne de ce serveur lit d’abord votre demande : vous recevrez sa réponse par courriel.",
        "",
    ),
    "Too many sign-ins were tried: wait a few minutes.": (
        "Trop d’essais de connexion : attendez quelques minutes.",
        "",
    ),
    "The last administrator stays one: name another first.": (
        "Il reste une seule personne pour administrer ce serveur : nommez-en d’abord une autre.",
        "",
    ),
    "A guest of this server speaks for no authority of it.": (
        "Une personne invitée sur ce serveur ne parle pas au nom de sa collectivité.",
        "",
    ),
    "There is no office {}: choose read, write or manage.": (
        "L’office {} n’existe pas : choisissez read, write ou manage.",
        "office",
    ),
    "The last manager stays: name another first, or ask an administrator of this server.": (
        "Une seule personne gère ce compte : nommez-en d’abord une autre, ou adressez-vous à l’administration.",
        "",
    ),
    "Only those who manage this authority change this.": (
        "Seules les personnes qui gèrent le compte de cette collectivité changent cela.",
        "",
    ),
    "You may read for this authority, not write: go back to your own name first.": (
        "Vous pouvez lire pour cette collectivité, pas écrire : revenez d’abord à votre nom.",
        "",
    ),
    "This territory has an account here already.": ("Ce territoire a déjà un compte sur ce serveur.", ""),
    "A colour is written #rrggbb.": ("Une couleur s’écrit #rrvvbb, par exemple #0e5a4b.", "colour"),
    "This is not the address of a website.": ("Ce n’est pas l’adresse d’un site.", "website"),
    "There is no such claim.": ("Cette demande n’existe pas.", ""),
    "This claim was decided already.": ("Cette demande a déjà reçu une réponse.", ""),
    "Say why: the person reads it.": ("Dites pourquoi : la personne le lira.", "reason"),
    "Say who you are, and how this can be checked.": (
        "Dites qui vous êtes, et comment on peut le vérifier.",
        "words",
    ),
    "Choose how this is to be checked.": ("Choisissez comment le vérifier.", "way"),
    "The service that lets you in does not say that you work for this territory.": (
        "Le service de connexion ne dit pas que vous travaillez pour ce territoire.",
        "way",
    ),
    "This territory is no more.": ("Ce territoire n’existe plus.", ""),
    "You act for this authority already.": ("Vous agissez déjà pour cette collectivité.", ""),
    "You have asked for this already.": ("Vous l’avez déjà demandé.", ""),
    "Too many claims at a time: wait until one is decided.": (
        "Trop de demandes à la fois : attendez une réponse.",
        "",
    ),
    "This page is for those who act for this authority.": (
        "Cette page est réservée aux personnes qui agissent pour cette collectivité.",
        "",
    ),
    "This is not the account of an authority.": ("Ce n’est pas le compte d’une collectivité.", "employer"),
    "You are not among the agents of this authority.": (
        "Vous n’êtes pas parmi les agents de cette collectivité : une personne qui la gère peut vous y inviter.",
        "employer",
    ),
    "Only an authority of this server is spoken for.": (
        "On ne parle qu’au nom d’une collectivité de ce serveur.",
        "",
    ),
    "The account of the authority has another name than yours.": (
        "Le compte de la collectivité a un autre identifiant que le vôtre.",
        "authority_name",
    ),
    "No territory has the code {}.": ("Aucun territoire ne porte le code {}.", "territory_code"),
    "There is no such account.": ("Ce compte n’existe pas.", ""),
    "Nobody here is called {}.": ("Personne ne s’appelle {} ici.", ""),
    "{} has no keys here.": ("{} n’a pas de clés ici.", ""),
    "Unknown scope: {}.": ("Portée inconnue : {}.", ""),
    "This link has been used, or is too old.": ("Ce lien a déjà servi, ou il date trop.", ""),
    "This account was let in already.": ("Ce compte est déjà admis.", ""),
    "An invitation serves at least once, and for some time.": (
        "Une invitation sert au moins une fois, et pendant un certain temps.",
        "",
    ),
    "These are many words at once: try again later.": (
        "Beaucoup de signalements viennent d’ici : réessayez plus tard.",
        "",
    ),
    "This action is not allowed": ("Ce n’est pas permis.", ""),
    "This method is only available while the e-mail is awaiting confirmation": (
        "Cette adresse est déjà confirmée.",
        "",
    ),
    "Too many searches from here: wait a minute.": (
        "Trop de recherches viennent d’ici : attendez une minute.",
        "",
    ),
    "Too many registrations from here: wait a while.": (
        "Trop d’inscriptions depuis cet endroit : attendez un moment.",
        "",
    ),
    "A note has at most {} characters.": ("Une note compte au plus {} caractères.", "note"),
    "Nobody invites to a role above their own.": ("On n’invite pas à un rôle au-dessus du sien.", "role"),
    "There is no such server.": ("Ce serveur n’est pas connu ici.", ""),
    "This server sends no mail: pass the link on yourself.": (
        "Ce serveur n’envoie pas de courriel : transmettez vous-même le lien.",
        "",
    ),
    "There is no such invitation.": ("Cette invitation n’existe pas.", ""),
    "This domain is welcome already.": ("Ce domaine est déjà accueilli.", "domain"),
    "Accept the rules of this server first.": ("Il faut accepter les règles de ce serveur.", "agreement"),
    "A reason has at most {} characters.": ("Votre demande compte au plus {} caractères.", "reason"),
    "This server is for people of its territory: your employer is not among those it knows.": (
        "Ce serveur est réservé à son territoire : votre employeur n’en fait pas partie.",
        "",
    ),
    "This identity belongs to another account here.": ("Cette identité appartient à un autre compte d’ici.", ""),
    "This sign-in took too long, or was begun elsewhere: begin again.": (
        "Cette connexion a trop duré, ou a commencé ailleurs : recommencez.",
        "",
    ),
    "The sign-in service did not let you in, or you turned back.": (
        "Le service de connexion ne vous a pas laissé entrer, ou vous avez renoncé.",
        "",
    ),
    "The sign-in service asks you to sign in there again.": (
        "Le service de connexion vous demande de vous y connecter à nouveau.",
        "",
    ),
    "The sign-in service does not answer: try again in a moment.": (
        "Le service de connexion ne répond pas : réessayez dans un moment.",
        "",
    ),
    "The sign-in service refused.": ("Le service de connexion a refusé.", ""),
    "The sign-in service has not proved surely enough who you are.": (
        "Le service de connexion n’a pas vérifié assez sûrement qui vous êtes.",
        "",
    ),
    "What the sign-in service answered cannot be trusted: tell whoever runs this server.": (
        "La réponse du service de connexion n’est pas fiable : prévenez la personne qui administre ce serveur.",
        "",
    ),
    "Guests of this server answer and write to people, and publish nothing of their own.": (
        "En tant qu’invité, vous répondez et écrivez à des personnes, sans publier en votre nom.",
        "visibility",
    ),
    "Guests of this server relay nothing.": ("En tant qu’invité, vous ne relayez pas de messages.", ""),
    "There is no such application.": ("Cette application n’existe pas, ou n’a pas d’accès.", ""),
    "This link has been used, or a newer one was made.": ("Ce lien a déjà servi, ou un plus récent a été créé.", ""),
    "An account is not its own alias.": ("Un compte n’est pas son propre alias.", ""),
    "An account cannot move to itself.": ("Un compte ne peut pas déménager vers lui-même.", ""),
    "{} does not name {} as an alias.": ("{} ne désigne pas {} comme alias.", ""),
    "{} has moved itself, or is closed.": ("{} a déménagé, ou est fermé.", ""),
    "This account moved less than thirty days ago.": ("Ce compte a déménagé il y a moins de trente jours.", ""),
    # social
    "There is no such post.": ("Ce message n’existe pas.", ""),
    "There is no such post to answer.": ("Le message auquel répondre n’existe pas.", ""),
    "There is no such quote.": ("Cette citation n’existe pas.", ""),
    "There is no such post to quote.": ("Le message à citer n’existe pas, ou ne se cite pas.", ""),
    "There is no such policy for quotes.": ("Cette règle de citation n’existe pas.", ""),
    "Whoever is quoted in a direct post is one of those whom it names.": (
        "Dans un message direct, on cite seulement les personnes que l’on y nomme.",
        "",
    ),
    "There is no such notification.": ("Cette notification n’existe pas.", ""),
    "There is no such request.": ("Cette demande n’existe pas.", ""),
    "There is no such conversation.": ("Cette conversation n’existe pas.", ""),
    "There is no such subscription.": ("Cet abonnement n’existe pas.", ""),
    "This address is too long.": ("Cette adresse est trop longue.", ""),
    "Who may cause a push is all, followed, follower or none.": (
        "Qui peut causer une notification poussée : all, followed, follower ou none.",
        "",
    ),
    "A policy is accept, filter or drop.": ("Une règle vaut accept, filter ou drop.", ""),
    "There is no such file.": ("Ce fichier n’existe pas.", ""),
    "There is no such file, or it is attached already.": ("Ce fichier n’existe pas, ou sert déjà ailleurs.", ""),
    "A post has at most {} files.": ("Un message compte au plus {} fichiers.", "files"),
    "A film or a sound goes alone, without other files.": (
        "Une vidéo ou un son s’envoie seul, sans autre fichier.",
        "files",
    ),
    "A file is not ready yet: try again in a moment.": (
        "Un fichier n’est pas encore prêt : réessayez dans un moment.",
        "files",
    ),
    "This file is part of a post.": ("Ce fichier fait partie d’un message.", "files"),
    "There is no file, or nothing in it.": ("Il n’y a pas de fichier, ou il est vide.", "files"),
    "A file has at most {} MiB.": ("Un fichier pèse au plus {} Mio.", "files"),
    "Files of this kind are not taken here.": (
        "Ce genre de fichier n’est pas accepté : choisissez une image, un son, une vidéo, un texte ou un document.",
        "files",
    ),
    "This picture is broken, or too large.": ("Cette image est abîmée, ou trop grande.", "files"),
    "Too many pictures at once: try again in a moment.": (
        "Trop d’images à la fois : réessayez dans un moment.",
        "files",
    ),
    "Browsers do not play this film or sound, or it is broken or too long.": (
        "Les navigateurs ne lisent pas cette vidéo ou ce son, ou il est abîmé, ou trop long.",
        "files",
    ),
    "Too many films at once: try again in a moment.": (
        "Trop de vidéos à la fois : réessayez dans un moment.",
        "files",
    ),
    "A shortcode has 2 to 30 small letters, digits or underscores.": (
        "Un code court a de 2 à 30 lettres minuscules, chiffres ou tirets bas.",
        "",
    ),
    "An emoji is a picture of at most {} KiB.": ("Un émoji est une image de {} Kio au plus.", "files"),
    "There is no such emoji.": ("Cet émoji n’existe pas.", ""),
    "These are many files: try again later.": ("Cela fait beaucoup de fichiers : réessayez plus tard.", "files"),
    "There is no room left for files here: try again later.": (
        "Il n’y a plus de place ici pour des fichiers : réessayez plus tard.",
        "files",
    ),
    "There are only files here.": ("Il n’y a ici que des fichiers.", ""),
    "A description has at most {} characters.": ("Une description compte au plus {} caractères.", "files"),
    "The point to look at first lies between -1 and 1.": (
        "Le point à regarder d’abord se situe entre -1 et 1.",
        "files",
    ),
    "A post has at most {} characters.": ("Un message compte au plus {} caractères.", "words"),
    "There is nothing to publish: write something first.": ("Il n’y a rien à publier : écrivez d’abord.", "words"),
    "A boost cannot be boosted: boost the post itself.": ("Relayez le message lui-même, pas son relais.", ""),
    "Only public posts can be boosted.": ("Seuls les messages publics peuvent être relayés.", ""),
    "A boost is public, unlisted or for one's followers.": (
        "Un relais est public, non listé ou réservé à ses abonnés.",
        "",
    ),
    "A boost cannot be pinned.": ("Un relais ne peut pas être épinglé.", ""),
    "A post is scheduled at least five minutes ahead.": (
        "Un message se programme au moins cinq minutes à l’avance.",
        "later",
    ),
    "At most {} posts can be scheduled.": ("On peut programmer au plus {} messages.", "later"),
    "At most {} posts can be scheduled for one day.": (
        "On peut programmer au plus {} messages pour un même jour.",
        "later",
    ),
    "This is not a date with its hour.": ("Ce n’est pas un jour avec son heure.", "later"),
    "There is no such draft.": ("Ce brouillon n’existe pas, ou plus : il est publié, ou supprimé.", ""),
    "At most {} drafts are kept: publish some, or throw some away.": (
        "On garde au plus {} brouillons : publiez-en, ou supprimez-en.",
        "",
    ),
    "You do not speak for this authority.": ("Vous ne publiez pas, ou plus, au nom de cette collectivité.", "as"),
    "Only one's own posts can be pinned.": ("On n’épingle que ses propres messages.", ""),
    "A direct post cannot be pinned.": ("Un message direct ne peut pas être épinglé.", ""),
    "At most {} posts can be pinned.": ("On peut épingler au plus {} messages.", ""),
    "This is not a hashtag.": ("Ce n’est pas un mot-dièse.", ""),
    "A poll has two answers at least.": ("Un sondage propose au moins deux réponses.", "option-1"),
    "A poll has at most {} answers.": ("Un sondage propose au plus {} réponses.", "option-1"),
    "The answers of a poll are different from each other and not empty.": (
        "Les réponses d’un sondage sont toutes différentes, et aucune n’est vide.",
        "option-1",
    ),
    "A poll ends some time in the future.": ("Un sondage se termine dans le futur.", "poll-days"),
    "There is no such poll.": ("Ce sondage n’existe pas.", ""),
    "There is no such answer.": ("Choisissez une réponse.", ""),
    "This poll is over.": ("Ce sondage est terminé.", ""),
    "This poll takes one answer from each, once.": ("Ce sondage accepte une réponse par personne, une seule fois.", ""),
    "Nobody votes in their own poll.": ("On ne vote pas à son propre sondage.", ""),
    "Nobody follows themselves.": ("On ne se suit pas soi-même.", ""),
    "Nobody blocks themselves.": ("On ne se bloque pas soi-même.", ""),
    "Nobody mutes themselves.": ("On ne se masque pas soi-même.", ""),
    "{} cannot be followed (any more).": ("{} ne peut pas, ou plus, être suivi.", ""),
    "{} cannot be followed.": ("{} ne peut pas être suivi.", ""),
    "{} is not a domain.": ("{} n’est pas un domaine.", ""),
    # profiles, and what is between people
    "{} is too long (maximum is {} characters)": ("« {} » est trop long : {} caractères au plus.", ""),
    "{} file size must be less than {} MB": ("« {} » : cette image pèse plus de {} Mo.", ""),
    "{} content type is invalid": ("« {} » : ce n’est pas une image que l’on accepte ici.", ""),
    "{} is not included in the list": ("« {} » : ce choix n’existe pas.", ""),
    "Attribution domains is too long (maximum is {} characters)": ("Il y a au plus {} domaines d’attribution.", ""),
    "Fields is too long (maximum is {} characters)": ("Un profil compte au plus {} lignes.", ""),
    "Comment is too long (maximum is {} characters)": ("Une note compte au plus {} caractères.", "comment"),
    "At most {} hashtags can be shown on a profile.": ("Un profil montre au plus {} mots-dièse.", ""),
    "There is no such hashtag here.": ("Ce mot-dièse n’est pas ici.", ""),
    "You must be already following the person you want to endorse": (
        "On ne recommande que les personnes que l’on suit.",
        "",
    ),
    "Domain can't be blank": ("Indiquez un domaine.", "domain"),
    "Domain is not a valid domain name": ("Ce n’est pas un nom de domaine.", "domain"),
    "Nobody hides their own server.": ("On ne masque pas son propre serveur.", "domain"),
    "You have reached the maximum number of lists: {}.": ("On a au plus {} listes.", "title"),
    "Title can't be blank": ("Donnez un titre.", "title"),
    "Title is too long (maximum is {} characters)": ("Un titre compte au plus {} caractères.", "title"),
    "Replies policy is not included in the list": ("Ce choix de réponses n’existe pas.", "replies"),
    "You do not follow this account.": ("Vous ne suivez pas ce compte.", ""),
    "There is no such list.": ("Cette liste n’existe pas.", ""),
    "Only those whom one follows can be on a list.": ("On ne met sur une liste que les personnes que l’on suit.", ""),
    "Account has already been taken": ("Ce compte y est déjà.", ""),
    "You have reached the maximum number of collections: {}.": ("On a au plus {} collections.", ""),
    "Name can't be blank": ("Donnez un nom.", ""),
    "A collection has at most {} accounts.": ("Une collection compte au plus {} comptes.", ""),
    "There is no such collection.": ("Cette collection n’existe pas.", ""),
    "There is no such account in this collection.": ("Ce compte n’est pas dans cette collection.", ""),
    # the web itself
    "Sign in first.": ("Connectez-vous d’abord.", ""),
    "This page had become too old: go back, reload it and try again.": (
        "Cette page datait trop : revenez en arrière, rechargez-la et recommencez.",
        "",
    ),
    "The two passwords are not the same.": ("Les deux mots de passe ne sont pas les mêmes.", "password-again"),
    "This post was deleted.": ("Ce message a été supprimé.", ""),
    "This account is closed.": ("Ce compte est fermé.", ""),
    "Only its author may change a post.": ("Seule la personne qui a écrit un message peut le modifier.", ""),
    "This person no longer asks to follow you.": ("Cette personne ne demande plus à vous suivre.", ""),
    "Choose who may read this.": ("Choisissez qui peut lire ce message.", "visibility"),
    "Give your address as @name@server.": ("Donnez votre adresse sous la forme @nom@serveur.", "account"),
    "This is an account of here: sign in instead.": ("C’est un compte d’ici : connectez-vous plutôt.", "account"),
    "{} does not answer, or offers no page for this.": (
        "{} ne répond pas, ou n’a pas de page pour cela : copiez plutôt l’adresse ci-dessous dans sa recherche.",
        "account",
    ),
    "Too many servers were asked from here: wait a few minutes.": (
        "Trop de demandes depuis cet endroit : attendez quelques minutes.",
        "",
    ),
    # filters
    "At most {} filters can be kept": ("On peut garder au plus {} filtres.", ""),
    "A filter has at most {} keywords and posts": ("Un filtre compte au plus {} mots et messages.", ""),
    "There is no such filter.": ("Ce filtre n’existe pas.", ""),
    "There is no such keyword in this filter.": ("Ce mot n’est pas dans ce filtre.", ""),
    "There is nothing like this in your filters.": ("Rien de tel dans vos filtres.", ""),
    "Status is invalid": ("Ce message n’existe pas, ou il n’est pas pour vous.", ""),
    "Status has already been taken": ("Ce message est déjà dans le filtre.", ""),
    # moderation
    "{} can't be blank": ("« {} » : il manque une valeur.", ""),
    "{} has already been taken": ("« {} » : cette valeur est déjà prise.", ""),
    "{} is invalid": ("« {} » : cette valeur n’est pas valable.", ""),
    "There is no such block.": ("Ce blocage n’existe pas.", ""),
    "There is no such rule.": ("Cette règle n’existe pas.", ""),
    "There is no such report.": ("Ce signalement n’existe pas.", ""),
    "There is no such decision.": ("Cette décision n’existe pas.", ""),
    "There are no such terms.": ("Ces conditions d’utilisation n’existent pas.", ""),
    "There is no such announcement.": ("Cette annonce n’existe pas.", ""),
    "There is no such reaction.": ("Cette réaction n’existe pas.", ""),
    "Display name does not match the previous name": ("Seules les majuscules et les accents peuvent changer.", ""),
    "Name is not a recognized emoji": ("Ce n’est pas un émoji.", ""),
    "Limit of different reactions reached": ("Il y a déjà trop de réactions différentes.", ""),
    "Too many reports from here: wait a while.": ("Trop de signalements depuis cet endroit : attendez un moment.", ""),
    "Say your name.": ("Dites votre nom.", "name"),
    "You have already imposed stricter limits on {}.": ("Il y a déjà une règle aussi stricte sur {}.", "domain"),
    "There is a block on {}: lift it first.": ("{} est bloqué ou limité : levez d’abord cette règle.", "domain"),
    "This is the domain of this server.": ("C’est le domaine de ce serveur.", "domain"),
    "You are in this network yourself.": ("Vous êtes vous-même dans ce réseau.", "value"),
    "A list has at most {} kB.": ("Une liste compte au plus {} ko.", ""),
    "A list has at most {} lines.": ("Une liste compte au plus {} lignes.", ""),
    "This is not a text in UTF-8.": ("Ce n’est pas un texte en UTF-8.", ""),
    "This is not a table in CSV.": ("Ce n’est pas un tableau CSV.", ""),
    "There is no domain in this list.": ("Il n’y a aucun domaine dans cette liste.", ""),
    "There is no such appeal.": ("Cette contestation n’existe pas.", ""),
    "Say why this decision should be looked at again.": ("Dites pourquoi cette décision devrait être revue.", "words"),
    "This decision can no longer be contested.": ("Cette décision ne peut plus être contestée.", ""),
    "This appeal was answered already.": ("Quelqu’un a déjà répondu à cette contestation.", ""),
    "Somebody else than who decided answers an appeal.": (
        "Une autre personne que celle qui a pris la décision répond à une contestation.",
        "",
    ),
    "Say why the decision stays.": ("Dites pourquoi la décision est maintenue.", "words"),
    "Nobody signs in to this account.": ("Personne ne se connecte à ce compte.", ""),
    # what a server says it is, and its first run
    "Give this server a name.": ("Donnez un nom à ce serveur.", "name"),
    "The address to write to is not an e-mail address.": ("Ce n’est pas une adresse électronique.", "contact_email"),
    "This is not the domain of a server: {}.": ("Ce n’est pas le domaine d’un serveur : {}.", "allowed"),
    "This server has an administrator already.": ("Quelqu’un administre déjà ce serveur.", ""),
    "Some steps have no answer yet.": ("Des étapes n’ont pas encore de réponse.", ""),
    # the directory of territories, and files that complete it
    "There is no such territory.": ("Ce territoire n’existe pas, ou n’est pas connu ici.", ""),
    "A table has at most {} MiB.": ("Un tableau compte au plus {} Mio.", "file"),
    "A table has at most {} lines.": ("Un tableau compte au plus {} lignes.", "file"),
    "No column of this table is a competence: “1030 Éclairage public”.": (
        "Aucune colonne de ce tableau n’est une compétence : « 1030 Éclairage public ».",
        "file",
    ),
    "The commune {} has two densities.": ("La commune {} a deux densités.", "file"),
    "The competence {} has two labels.": ("La compétence {} a deux intitulés.", "file"),
    "The directory of territories is empty: load it first.": (
        "L’annuaire des territoires est vide : chargez-le d’abord.",
        "file",
    ),
    "The vintage is a year, such as 2024.": ("Le millésime est une année, comme 2024.", "vintage"),
    "There is no import of {}.": ("Il n’y a pas d’import de {}.", ""),
    "This file is neither a table of text nor an XLSX workbook.": (
        "Ce fichier n’est ni un tableau en texte, ni un classeur XLSX.",
        "file",
    ),
    "This grid has fewer than seven steps: take the one with seven.": (
        "Cette grille a moins de sept niveaux : prenez celle qui en a sept.",
        "file",
    ),
    "This is a workbook of an old kind: open it and save it as XLSX or CSV.": (
        "Ce classeur est d’un ancien format : ouvrez-le, et enregistrez-le en XLSX ou en CSV.",
        "file",
    ),
    "This workbook cannot be read: open it and save it again as XLSX or CSV.": (
        "Ce classeur est illisible : ouvrez-le, et enregistrez-le à nouveau en XLSX ou en CSV.",
        "file",
    ),
    "This workbook is too large once it is unpacked.": ("Ce classeur est trop grand une fois décompressé.", "file"),
    "This is another table: no line near its top names the columns {}.": (
        "C’est un autre tableau : aucune de ses premières lignes ne nomme les colonnes {}.",
        "file",
    ),
    "This line gives no label.": ("Cette ligne ne donne pas d’intitulé.", "file"),
    "This line gives no name.": ("Cette ligne ne donne pas de nom.", "file"),
    "This line says no nature.": ("Cette ligne ne dit pas de nature juridique.", "file"),
    "{} is the SIREN of a commune, a department or a region.": (
        "{} est le SIREN d’une commune, d’un département ou d’une région.",
        "file",
    ),
    "{} stands for two groupings: {}, {}.": ("{} désigne deux groupements : {}, {}.", "file"),
    "“{}” is none of the reasons merger, rename, split, dissolution.": (
        "« {} » n’est aucun des motifs merger (fusion), rename (autre code), split (partage), dissolution.",
        "file",
    ),
    "“{}” is not a day, such as 2025-01-01.": ("« {} » n’est pas un jour, comme 2025-01-01.", "file"),
    "“{}” is not the code of a territory.": ("« {} » n’est pas le code d’un territoire.", "file"),
    "{} cannot become itself.": ("{} ne peut pas devenir lui-même.", "file"),
    "“{}” is neither a department nor a region.": ("« {} » n’est ni un département, ni une région.", "file"),
    "“{}” is not a SIREN (nine digits).": ("« {} » n’est pas un SIREN (neuf chiffres).", "file"),
    "“{}” is not a SIREN: its last digit does not fit.": (
        "« {} » n’est pas un SIREN : son dernier chiffre ne convient pas.",
        "file",
    ),
    "“{}” is not a number of people.": ("« {} » n’est pas un nombre d’habitants.", "file"),
    "“{}” is not a step of density, from 1 to 7.": ("« {} » n’est pas un niveau de densité, de 1 à 7.", "file"),
    "“{}” is not a way to hold a competence: exercée, transférée, partagée.": (
        "« {} » n’est pas une façon de détenir une compétence : exercée, transférée, partagée.",
        "file",
    ),
    "“{}” is not the INSEE code of a commune.": ("« {} » n’est pas le code INSEE d’une commune.", "file"),
    "“{}” is not the code of a competence (four digits).": (
        "« {} » n’est pas le code d’une compétence (quatre chiffres).",
        "file",
    ),
    "“{}” says neither yes nor no.": ("« {} » ne dit ni oui ni non.", "file"),
    # my data
    "An archive is a zip or a tar.": ("Une archive est un zip ou un tar.", ""),
    "Your archive is being made already.": ("Votre archive est déjà en préparation.", ""),
    "An archive is made once a day at most.": ("On prépare au plus une archive par jour.", ""),
    "There is no archive: have one made.": ("Il n’y a pas d’archive : demandez-en une.", ""),
    "The archive could not be made: ask for it again.": (
        "L’archive n’a pas pu être préparée : demandez-la de nouveau.",
        "",
    ),
    "This account is to be erased already.": ("L’effacement de ce compte est déjà demandé.", ""),
    "This link shows nothing: the account stays, or it was erased long ago.": (
        "Ce lien ne montre rien : le compte reste, ou il est effacé depuis longtemps.",
        "",
    ),
    "This is not your name here.": ("Ce n’est pas votre identifiant ici.", "proof"),
    "It is too late: this account is being erased.": ("C’est trop tard : ce compte est en cours d’effacement.", ""),
    "This server is kept away here, or takes nothing any more: it was not told.": (
        "Ce serveur est tenu à l’écart d’ici, ou ne reçoit plus rien : il n’a pas été prévenu.",
        "",
    ),
    "This server refused to hear of it.": ("Ce serveur a refusé de l’entendre.", ""),
    "This server did not answer for days: it was not told.": (
        "Ce serveur n’a pas répondu pendant des jours : il n’a pas été prévenu.",
        "",
    ),
    "Say what this list is: the file does not tell.": (
        "Dites ce que contient ce fichier : il ne le dit pas lui-même.",
        "kind",
    ),
    "This file is a list of another kind.": ("Ce fichier contient une autre sorte de liste.", "file"),
    "A list has at most {} lines: cut it into several.": (
        "Une liste compte au plus {} lignes : coupez-la en plusieurs.",
        "file",
    ),
    "There is nothing in this file.": ("Il n’y a rien dans ce fichier.", "file"),
    "This file is not a list of text.": ("Ce fichier n’est pas une liste en texte (CSV).", "file"),
    "This line names no list.": ("Cette ligne ne nomme aucune liste.", ""),
    "This is not the address of an account: name@server.": (
        "Ce n’est pas l’adresse d’un compte : nom@serveur.",
        "",
    ),
    "This is not the name of a server.": ("Ce n’est pas le nom d’un serveur.", ""),
    "This is not the address of a post.": ("Ce n’est pas l’adresse d’un message.", ""),
    "An import is under way already: wait for its end, or stop it.": (
        "Un import est déjà en cours : attendez sa fin, ou arrêtez-le.",
        "file",
    ),
    "There is no such import.": ("Cet import n’existe pas.", ""),
    "The other server does not answer.": ("L’autre serveur ne répond pas.", ""),
    "The other server refuses, or is kept away here.": ("L’autre serveur refuse, ou il est tenu à l’écart d’ici.", ""),
    "This is found nowhere: it was deleted, or there is a mistake in it.": (
        "Introuvable : cela a été supprimé, ou l’adresse comporte une faute.",
        "",
    ),
    "This line could not be carried out.": ("Cette ligne n’a pas pu être traitée.", ""),
    # settings
    "This is fixed by the settings file or the environment of this server.": (
        "Ceci est fixé par le fichier de réglages ou l’environnement de ce serveur.",
        "",
    ),
    "This page is for moderators.": ("Cette page est réservée aux personnes qui modèrent.", ""),
    "This page is for administrators.": ("Cette page est réservée aux personnes qui administrent ce serveur.", ""),
    "There is no such picture.": ("Cette image n’existe pas.", ""),
    "There is no such page.": ("Cette page n’existe pas.", ""),
    "This is too much at once: go back, and send fewer files, or smaller ones.": (
        "C’est trop à la fois : revenez en arrière, et envoyez moins de fichiers, ou de plus petits.",
        "",
    ),
    # communities
    "You were sent away from this community.": ("Vous avez été exclu de cette communauté.", ""),
    "No other community carries a private one.": ("Aucune autre communauté ne relaie une communauté privée.", ""),
    "One comes into this community by invitation.": ("On entre dans cette communauté sur invitation.", ""),
    "The last moderator of a community stays: name another one first.": (
        "Une communauté garde au moins une personne qui la modère : nommez-en d’abord une autre.",
        "",
    ),
    "There is no such community.": ("Cette communauté n’existe pas.", ""),
    "Agents and authorities of this server found communities.": (
        "Ce sont les agents et les collectivités de ce serveur qui fondent des communautés.",
        "",
    ),
    "What was written for members alone stays so: a community is private from the start.": (
        "Ce qui a été écrit pour les seuls membres le reste : une communauté est privée dès le début, ou ne l’est pas.",
        "private",
    ),
    "A community has a name of at most {} characters.": (
        "Une communauté porte un nom d’au plus {} caractères.",
        "title",
    ),
    "What a community says of itself has at most {} characters.": (
        "La présentation d’une communauté compte au plus {} caractères.",
        "summary",
    ),
    "A community has at most {} rules of {} characters.": (
        "Une communauté a au plus {} règles de {} caractères.",
        "rules",
    ),
    "There is no such way into a community.": ("On n’entre pas ainsi dans une communauté.", "joining"),
    "Say for which authorities this community is.": (
        "Dites à quelles collectivités cette communauté s’adresse.",
        "natures",
    ),
    "There is no such day of the week.": ("Ce jour de la semaine n’existe pas.", "summary_day"),
    "Only its moderators may do that in a community.": (
        "Seules les personnes qui modèrent une communauté peuvent le faire.",
        "",
    ),
    "That person ranks as high as you do in this community.": (
        "Cette personne a autant de droits que vous dans cette communauté.",
        "",
    ),
    "A community carries another one that anybody may read.": (
        "Une communauté ne relaie qu’une autre communauté, publique comme elle.",
        "",
    ),
    "This is no community.": ("Ce n’est pas une communauté.", "address"),
    "No community answers at this address.": (
        "Aucune communauté ne répond à cette adresse : vérifiez-la, ou réessayez plus tard.",
        "address",
    ),
    "Nobody answers at this address.": (
        "Personne ne répond à cette adresse : vérifiez-la, ou réessayez plus tard.",
        "person",
    ),
    "This page is for the members of the community.": ("Cette page est réservée aux membres de la communauté.", ""),
    "This page is for the moderators of the community.": (
        "Cette page est réservée aux personnes qui modèrent la communauté.",
        "",
    ),
    "Choose what to do.": ("Choisissez quoi faire.", ""),
    "Nobody of that name asks to come in.": ("Personne de ce nom ne demande à entrer.", ""),
    "Somebody who was sent away is let back first.": (
        "Une personne exclue doit d’abord être réadmise.",
        "",
    ),
    "Nobody sends themselves away.": ("On ne s’exclut pas soi-même.", ""),
    "There is no such member.": ("Cette personne n’est pas membre.", ""),
    "The animator hands over to another one.": ("Seule l’animation de la communauté peut passer la main.", ""),
    "At most {} posts can be pinned in a community.": (
        "On peut épingler au plus {} publications dans une communauté.",
        "",
    ),
    "There is no such post in this community.": ("Cette publication n’est pas dans cette communauté.", ""),
    "What is written for members alone belongs to a community.": (
        "Ce qui est écrit pour les seuls membres appartient à une communauté.",
        "",
    ),
    "There is no such community to write in.": ("On ne peut pas écrire dans cette communauté.", ""),
    "Only members write in this community: come in first.": (
        "Seuls les membres écrivent dans cette communauté : rejoignez-la d’abord.",
        "",
    ),
    "Only its moderators begin threads in this community.": (
        "Seules les personnes qui modèrent cette communauté y ouvrent des fils.",
        "",
    ),
    "This thread is closed: nobody answers in it any more.": ("Ce fil est clos : on n’y répond plus.", ""),
    "{} is not in this community, and would not see what names them.": (
        "{} n’est pas membre de cette communauté, et ne verrait pas ce qui mentionne son nom.",
        "words",
    ),
}

_GENERAL: dict[type[errors.Problem], str] = {
    errors.Gone: "Ce qui se trouvait ici a été supprimé.",
    errors.NotFound: "Cette page n’existe pas, ou elle n’est pas pour tout le monde.",
    errors.Unauthorized: "Connectez-vous d’abord.",
    errors.Forbidden: "Ce n’est pas permis.",
    errors.TooLarge: "C’est trop volumineux.",
    errors.TooMany: "Trop de demandes à la fois : réessayez dans un moment.",
    errors.Unreachable: "L’autre serveur ne répond pas : réessayez plus tard.",
    errors.Refused: "L’autre serveur refuse.",
}


def words_of(problem: errors.Problem) -> str:
    """What to tell the reader."""
    locale = flask_babel.get_locale()
    if locale is not None and locale.language != "fr" and problem.message:
        return problem.message
    return in_french(problem.message) or next(
        (words for kind, words in _GENERAL.items() if isinstance(problem, kind)), "Cela n’a pas été possible."
    )


def in_words(message: str) -> str:
    """A sentence of the domain that was written down, in the language of the page."""
    return words_of(errors.Invalid(message))


def in_french(message: str) -> str | None:
    """A sentence of the domain in French; None when it has none."""
    found = _SENTENCES.match(message)
    return IN_FRENCH[found[0]][0].format(*found[1]) if found else None


def field_of(problem: errors.Problem) -> str:
    """The field of a form that the problem is about; "" when it is about none."""
    found = _SENTENCES.match(problem.message)
    return IN_FRENCH[found[0]][1] if found else ""


_SENTENCES = sentences.Sentences(IN_FRENCH)
