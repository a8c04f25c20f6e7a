"""The loss of the adapter, and the scores that it compares.

The loss is low where the sentences that answer a question rank first, and where the score of the
best sentence tells whether it answers. Scores are computed as `index.search` does, but without the
background questions and without words. There is no command: `training.adapter` uses this module.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from index.search.scoring import SCORE_WEIGHTS
from training.networks.encoded_texts import EncodedText
from training.networks.trained_models import ANSWERABILITY, POOLING, PRIOR, LateInteraction

# Tokens before the colon of "query: ". The colon itself is kept: its token vector is trained to
# stand for the whole question.
PREFIX_TOKENS = 3
_ANSWERABILITY_WEIGHT = 0.5  # of the answerability loss, against 1 for the retrieval loss
_REMOVED_WEIGHT = 0.3  # of questions whose answer is removed, within the answerability loss
_ANSWERED_WEIGHT = 0.5  # of a question with an answer, against 1 for a question without
_VECTOR_WEIGHT = 0.5  # of the loss of the vectors of whole texts
NEVER = -1e9  # a score that never wins


@dataclass(frozen=True, slots=True)
class _SentenceTokens:
    """The token vectors of all sentences of several texts.

    Attributes:
        tokens: f32 (tokens, dimension), rounded as the index stores them. The tokens of a sentence
            stand next to each other.
        vectors: f32 (passages, dimension), the vectors of the passages.
        token_counts: The number of tokens of each sentence.
        sentence_counts: The number of sentences of each passage.
        passage_of: i64 (sentences,), the passage of each sentence.
    """

    tokens: Tensor
    vectors: Tensor
    token_counts: list[int]
    sentence_counts: list[int]
    passage_of: Tensor

    @classmethod
    def of(cls, model: LateInteraction, texts: Sequence[EncodedText]) -> _SentenceTokens:
        tokens, sentence_of, passage_of = [], [], []
        sentences = passages = 0
        for text in texts:
            for states, numbers in zip(model.upper(text.passages), text.sentence_of, strict=True):
                tokens.append(states[numbers >= 0])
                sentence_of.append(numbers[numbers >= 0] + sentences)
            passage_of.append(text.passage_of + passages)
            sentences += len(text.passage_of)
            passages += len(text.passages)
        passage_numbers, token_sentences = torch.cat(passage_of), torch.cat(sentence_of)
        states = torch.cat(tokens)
        exact = model.token_vectors(states)
        owners = passage_numbers[token_sentences]
        return cls(
            rounded(exact),
            pooled(exact, model.heads(states), owners, passages),
            torch.bincount(token_sentences, minlength=sentences).tolist(),
            torch.bincount(passage_numbers, minlength=passages).tolist(),
            passage_numbers,
        )


@dataclass(frozen=True, slots=True)
class _Similarities:
    """Late-interaction scores of questions.

    Row 0 of the first axis holds the scores with the token weights for retrieval, row 1 those with
    the token weights for answerability.

    Attributes:
        sentences: f32 (2, questions, sentences), the score of each sentence.
        passages: f32 (2, questions, sentences), the score of the passage of each sentence.
        prior: f32 (questions,), see `QueryWeights.prior`.
        vectors: f32 (questions, passages), the cosines of the vectors of whole texts.
    """

    sentences: Tensor
    passages: Tensor
    prior: Tensor
    vectors: Tensor

    @classmethod
    def of(
        cls, model: LateInteraction, sentences: _SentenceTokens, questions: Sequence[Tensor]
    ) -> _Similarities:
        kept = [states[PREFIX_TOKENS:-1] for states in model.upper(questions)]
        states = torch.cat(kept)
        question_of = torch.repeat_interleave(
            torch.arange(len(kept)), torch.tensor([len(tokens) for tokens in kept])
        )
        heads, tokens = model.heads(states), model.token_vectors(states)
        counts = functional.softplus(heads[:, :PRIOR])
        sums = torch.zeros(len(kept), 2).index_add(0, question_of, counts)
        shares = counts / sums[question_of]
        best = _maxima(tokens @ sentences.tokens.T, sentences.token_counts)
        best_of_passage = _maxima(best, sentences.sentence_counts)[:, sentences.passage_of]

        def weighted_sum(values: Tensor) -> Tensor:
            weighted = values[None] * shares.T[:, :, None]
            sums = torch.zeros(2, len(kept), values.shape[1])
            return sums.index_add(1, question_of, weighted)

        prior = torch.zeros(len(kept)).index_add(
            0, question_of, shares[:, ANSWERABILITY] * heads[:, PRIOR]
        )
        vectors = pooled(tokens, heads, question_of, len(kept)) @ sentences.vectors.T
        return cls(weighted_sum(best), weighted_sum(best_of_passage), prior, vectors)


def rounded(tokens: Tensor) -> Tensor:
    """Round token vectors to 2 bits a value, as `TokenCodes.of` does.

    The gradient passes as if nothing was rounded.
    """
    levels = (tokens.detach() * math.sqrt(tokens.shape[1])).floor().clamp(-2, 1)
    values = 2 * levels + 1
    scales = 1 / (values * tokens.detach()).sum(1, keepdim=True)
    return tokens + (values * scales - tokens).detach()


def pooled(tokens: Tensor, heads: Tensor, owners: Tensor, count: int) -> Tensor:
    """Return the vector of each text: the weighted mean of its token vectors, of length 1.

    Args:
        tokens: f32 (tokens, dimension).
        heads: f32 (tokens, heads), see `LateInteraction.heads`.
        owners: i64 (tokens,), the text of each token.
        count: The number of texts.
    """
    weighted = tokens * functional.softplus(heads[:, POOLING:])
    sums = torch.zeros(count, tokens.shape[1]).index_add(0, owners, weighted)
    return functional.normalize(sums, dim=1)


def _maxima(values: Tensor, counts: list[int]) -> Tensor:
    """Return the maximum of each group of columns; -1 for a group without columns.

    Args:
        values: f32 (rows, columns).
        counts: The number of columns of each group. The groups stand next to each other.
    """
    empty = torch.full((len(values),), -1.0)
    groups = torch.split(values, counts, dim=1)
    return torch.stack([group.amax(1) if group.shape[1] else empty for group in groups], dim=1)


@dataclass(frozen=True, slots=True)
class QuestionScores:
    """The scores of all sentences of some texts for all questions about these texts.

    Attributes:
        retrieval: f32 (questions, sentences), scores with the token weights for retrieval.
        answerability: f32 (questions, sentences), with the token weights for answerability.
        prior: f32 (questions,), see `QueryWeights.prior`.
        vectors: f32 (questions, passages), the cosines of the vectors of whole texts.
        gold: bool (questions, sentences), whether the sentence answers.
        passage_of: i64 (sentences,), the passage of each sentence.
    """

    retrieval: Tensor
    answerability: Tensor
    prior: Tensor
    vectors: Tensor
    gold: Tensor
    passage_of: Tensor

    @classmethod
    def of(cls, model: LateInteraction, texts: Sequence[EncodedText]) -> QuestionScores:
        """Score the questions. A follow-up is scored together with the earlier questions."""
        sentences = _SentenceTokens.of(model, texts)
        questions = [states for text in texts for states in text.questions]
        similarities = _Similarities.of(model, sentences, questions)
        scores = (
            1 - SCORE_WEIGHTS.passage
        ) * similarities.sentences + SCORE_WEIGHTS.passage * similarities.passages
        prior = similarities.prior
        if followups := _followups(texts):
            rows = torch.tensor(followups)
            history = [states for text in texts for states in text.history.values()]
            earlier = _Similarities.of(model, sentences, history)
            scores = scores.index_copy(1, rows, (scores[:, rows] + earlier.passages) / 2)
            prior = prior.index_copy(0, rows, (prior[rows] + earlier.prior) / 2)
        retrieval, answerability = scores
        return cls(
            retrieval,
            answerability,
            prior,
            similarities.vectors,
            _gold(texts),
            sentences.passage_of,
        )


def _followups(texts: Sequence[EncodedText]) -> list[int]:
    """Return the rows of the questions that have earlier questions."""
    rows = []
    first = 0
    for text in texts:
        rows += [first + number for number in text.history]
        first += len(text.questions)
    return rows


def _gold(texts: Sequence[EncodedText]) -> Tensor:
    """Return which sentences answer, bool (questions, sentences)."""
    questions = sum(len(text.questions) for text in texts)
    gold = torch.zeros(questions, sum(len(text.passage_of) for text in texts), dtype=torch.bool)
    row = first_sentence = 0
    for text in texts:
        for sentences in text.gold:
            gold[row, [first_sentence + number for number in sentences]] = True
            row += 1
        first_sentence += len(text.passage_of)
    return gold


def loss(model: LateInteraction, texts: Sequence[EncodedText]) -> Tensor:
    """Return the loss for all questions about some texts.

    The sentences of one text are wrong answers to the questions about the others.
    """
    scores = QuestionScores.of(model, texts)
    log_odds = (scores.answerability - model.answer_from) * model.answer_scale.exp()
    retrieval = _retrieval_loss(scores.retrieval * model.retrieval_scale.exp(), scores.gold)
    answerability = _answerability_loss(scores, log_odds + scores.prior[:, None])
    return (
        retrieval
        + _ANSWERABILITY_WEIGHT * answerability
        + _VECTOR_WEIGHT * _vector_loss(model, scores, _followups(texts))
    )


def _vector_loss(model: LateInteraction, scores: QuestionScores, followups: list[int]) -> Tensor:
    """Compare the ranking of passages by vectors with the gold, and with late interaction.

    The vectors propose the passages that late interaction compares. So they should put the passages
    first that answer, and give all others the shares that late interaction gives them.

    Args:
        model: The model.
        scores: The scores.
        followups: The rows of questions that have earlier questions, which are left out.
    """
    alone = torch.ones(len(scores.gold), dtype=torch.bool)
    alone[followups] = False
    logits = scores.vectors[alone] * model.vector_scale.exp()
    passages = scores.passage_of.expand(int(alone.sum()), -1)
    never = torch.full_like(logits, NEVER)
    teacher = never.scatter_reduce(1, passages, scores.retrieval[alone].detach(), "amax")
    teacher = (teacher * model.retrieval_scale.exp().detach()).softmax(1)
    gold = torch.zeros_like(logits).scatter_reduce(1, passages, scores.gold[alone].float(), "amax")
    likeness = functional.kl_div(logits.log_softmax(1), teacher, reduction="batchmean")
    return _retrieval_loss(logits, gold > 0) + likeness


def _retrieval_loss(logits: Tensor, gold: Tensor) -> Tensor:
    """Compare each sentence that answers with all sentences that do not (softmax loss)."""
    wrong = logits.masked_fill(gold, NEVER).logsumexp(1, keepdim=True)
    losses = functional.softplus(wrong - logits) * gold
    answered = gold.any(1)
    return (losses[answered].sum(1) / gold[answered].sum(1)).mean()


def _answerability_loss(scores: QuestionScores, log_odds: Tensor) -> Tensor:
    """Compare the log-odds of an answer with whether there is one (cross-entropy).

    The best sentence that answers should be called an answer. Where no sentence answers, the
    sentence that ranks first should not. The same holds for the sentence that ranks first when the
    passages with an answer are removed.

    Args:
        scores: The scores.
        log_odds: f32 (questions, sentences), log-odds that the sentence answers.
    """
    ranking, gold = scores.retrieval, scores.gold
    answered = gold.any(1)
    first = ranking.argmax(1, keepdim=True)
    best_gold = log_odds.masked_fill(~gold, NEVER).amax(1)
    chosen = torch.where(answered, best_gold, log_odds.gather(1, first)[:, 0])
    answer_loss = functional.binary_cross_entropy_with_logits(
        chosen, answered.float(), pos_weight=torch.tensor(_ANSWERED_WEIGHT)
    )
    counts = torch.zeros(len(gold), int(scores.passage_of.max()) + 1)
    answers_in_passage = counts.index_add(1, scores.passage_of, gold.float())
    removed = answers_in_passage[:, scores.passage_of] > 0
    first_left = ranking.masked_fill(removed, NEVER).argmax(1, keepdim=True)
    left = log_odds.gather(1, first_left)[:, 0][answered]
    return answer_loss + _REMOVED_WEIGHT * functional.binary_cross_entropy_with_logits(
        left, torch.zeros(len(left))
    )
