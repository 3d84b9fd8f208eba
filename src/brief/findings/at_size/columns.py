"""What the columns of the results mean: written into `run.json`, beside the tables, and into docs/analyse.md."""

from __future__ import annotations

COLUMNS = {
    "comments": {
        "comment_id": "The id of the comment, as it was given.",
        "text_id": "The same for all comments with the same text, spaces and capitals aside.",
        "near_copy_of": "The text_id of the original, where this text is an edited copy of another: of texts that are "
        "near copies of each other the one that was sent most. Empty for the original and where there is none.",
        "campaign_id": "The same for all comments of a campaign: letters that share long passages. Empty where the "
        "comment is in none.",
        "stance": "What the comment says, by the codebook: as a person coded this very comment, else as a model told "
        "it. 'not-coded' where neither did.",
        "coded_by": "Who told the stance: 'person', 'model' or 'nobody'. A copy of a text that a person coded, which "
        "nobody has read itself, is not coded by a person.",
        "theme_id": "The theme of the comment. Empty where it is like no theme, or where the theme is too small or "
        "does not come back when texts are left out.",
    },
    "campaigns": {
        "campaign_id": "As in the table of comments: the least text_id of the campaign.",
        "submissions": "How many comments are in the campaign.",
        "distinct_texts": "How many different texts these have.",
        "template": "The text that is covered best by what the campaign shares; […] stands where its writers differ.",
        "shared_by": "Each word of the template stands in at least so many of the texts that were looked at.",
        "template_of": "How many texts of the campaign were looked at for the template: 50 at the most.",
        "first": "The first day on which a comment of the campaign was posted. Empty where no day is known.",
        "last": "The last such day.",
    },
    "themes": {
        "theme_id": "The number of the theme by size, and the stance: themes are split by stance.",
        "stance": "The stance of all comments in the theme. Empty for comments that are not coded.",
        "name": "The first two of the phrases.",
        "phrases": "What texts of the theme say more often than others do.",
        "stability": "From 0 to 1: how much of the theme is found again when half of the texts is left out.",
        "fragile": "Whether that is less than 0.6. Such themes are not told, and run.json counts them under "
        "themes_left_out; so it is False in each row.",
        "distinct_texts": "How many different texts are in the theme.",
        "submissions": "How many comments have these texts.",
    },
    "exemplars": {
        "stance": "The comments to quote are chosen for each stance and theme: this is the stance of the comment.",
        "coded_by": "Who told this stance, as in the table of comments.",
        "theme_id": "The theme of the comment. Empty for those in no theme.",
        "rank": "The order in which they were chosen: the first is most like all others.",
        "comment_id": "The comment to quote.",
        "quote": "A sentence or two of it, masked as readers see them.",
    },
    "counts": {
        "kind": "What is counted: all comments, those in a campaign, or those of a stance, theme, collection or day.",
        "value": "Which stance, theme, collection or day. Empty for comments that have none.",
        "coded_by": "For stances, who told them: each is counted apart. Counts of a model are no shares: see limits in "
        "run.json. Empty for other kinds.",
        "comments": "How many comments that are.",
        "distinct_texts": "How many different texts these have; a text with several readings counts under each. Empty "
        "for collections and days.",
    },
}
"""By table, without the ending of its file."""
