/* remainders.c - see audit.h: what is left of a shown set once the sets of another family within it are taken off. */
#include <stdlib.h>

#include "policy/history/meeting.h"

/* Of one family, seen from one set. */
struct part {
	uint64_t covered;      /* units of the set that are in shown sets of the family that lie within it */
	uint32_t cheapest;     /* of those */
	uint32_t nhidden;      /* hidden sets of the family that lie within it, and the units of the last one met */
	uint64_t hidden_units;
	uint64_t counted;      /* number of the atom that was looked at last */
	uint32_t groups;       /* of that one's: how many of the set's are in such sets */
};

struct work {
	struct sl_audit *a;
	struct sl_meetings m;
	struct part *parts;    /* per family */
	uint32_t *families;    /* that have a shown set within it */
	uint32_t nfamilies;
	uint32_t *inner;       /* of one family, within the set at hand */
	uint32_t *empty;       /* per family: its hidden sets without units, one list behind the other */
	uint32_t *first_empty;
};

static bool is_compared(const struct sl_audit *a, uint32_t set, uint32_t other)
{
	return sl_audit_is_asked(a, other) && sl_audit_together(a, sl_audit_output_of(a, set), sl_audit_output_of(a, other));
}

/* Which sets lie within, and which hidden ones touch it. */
static void sort_out(struct work *w, uint32_t set)
{
	struct sl_audit *a = w->a;

	for (uint32_t i = 0; i < w->m.nmet; i++)
		w->parts[a->sets[w->m.met[i]].family] = (struct part){ .cheapest = SL_AUDIT_NO_SET };
	w->nfamilies = 0;
	for (uint32_t i = 0; i < w->m.nmet; i++) {
		uint32_t other = w->m.met[i];
		struct part *part = &w->parts[a->sets[other].family];
		if (!is_compared(a, set, other) || w->m.with[other].inside != a->sets[other].units)
			continue;
		if (!a->sets[other].shown) {
			part->nhidden++;
			part->hidden_units = a->sets[other].units;
			continue;
		}
		if (part->cheapest == SL_AUDIT_NO_SET)
			w->families[w->nfamilies++] = a->sets[other].family;
		if (sl_audit_cheaper(a, other, part->cheapest))
			part->cheapest = other;
	}
}

/* One atom: of which families' sets within the set cover all of the rows it has there. */
static void cover_atom(struct work *w, uint32_t set, uint32_t atom, uint64_t number)
{
	const struct sl_audit *a = w->a;
	uint64_t units = a->atoms->atoms[atom].units;
	uint32_t n, mine = sl_meet_mine(&w->m, a, atom, set);
	const struct sl_atom_place *places = sl_meet_places(a, atom, set, &n);

	for (uint32_t p = 0; p < n; p++) {
		uint32_t other = places[p].set;
		struct part *part = &w->parts[a->sets[other].family];
		bool rows = a->rows_of[set] != 0 && a->rows_of[other] == a->rows_of[set];
		if (!a->sets[other].shown || w->m.with[other].inside != a->sets[other].units || !is_compared(a, set, other))
			continue;
		if (part->counted != number)
			part->groups = 0;
		part->counted = number;
		if (part->groups == mine)
			continue;
		part->groups = rows ? part->groups + w->m.is_mine[places[p].group] : mine;
		part->covered += part->groups == mine ? units : 0;
	}
	sl_meet_forget(&w->m, a, atom, set);
}

/* Units of the set all of whose rows in it are in a family's sets within it. */
static void cover(struct work *w, uint32_t set)
{
	const struct sl_audit *a = w->a;

	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		sl_meet_ahead(a, set, i);
		cover_atom(w, set, a->atom_of[i], i + UINT64_C(1));
	}
}

/* A hidden set that nobody is in counts where its conditions say that it lies: that it is empty is not known. */
static bool has_empty_within(const struct work *w, uint32_t set, uint32_t family)
{
	for (uint32_t i = w->first_empty[family]; i < w->first_empty[family + 1]; i++)
		if (!w->a->sets[w->empty[i]].shown && sl_audit_within(&w->a->sets[w->empty[i]], &w->a->sets[set]))
			return true;
	return false;
}

static bool is_violation(const struct work *w, uint32_t set, uint32_t family, uint64_t left)
{
	const struct sl_audit *a = w->a;
	const struct part *part = &w->parts[family];

	if (a->of_measure)
		return part->nhidden == 1 && left < part->hidden_units + a->threshold;
	return left < a->threshold && (left > 0 || has_empty_within(w, set, family));
}

static enum sl_rc tell_rest(struct work *w, uint32_t set, uint32_t family, uint64_t left, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	struct sl_audit_rest rest = { .measure = a->measure, .set = set, .inner = w->inner, .units = left };

	for (uint32_t i = 0; i < w->m.nmet; i++) {
		uint32_t other = w->m.met[i];
		if (a->sets[other].family == family && a->sets[other].shown &&
		    w->m.with[other].inside == a->sets[other].units)
			w->inner[rest.ninner++] = other;
	}
	return a->rest(a->rest_context, &rest, err);
}

static enum sl_rc judge_set(struct work *w, uint32_t set, struct sl_err *err)
{
	struct sl_audit *a = w->a;

	sl_meet(&w->m, a, set);
	sort_out(w, set);
	if (w->nfamilies == 0)
		return SL_OK;
	cover(w, set);
	for (uint32_t i = 0; i < w->nfamilies; i++) {
		uint32_t family = w->families[i], cheapest = w->parts[family].cheapest;
		uint64_t left = a->sets[set].units - w->parts[family].covered;
		if (!is_violation(w, set, family, left)) {
			enum sl_rc told = a->of_measure && a->rest != NULL && left > 0 ? tell_rest(w, set, family, left, err) : SL_OK;
			if (told != SL_OK)
				return told;
			continue;
		}
		bool inner = sl_audit_is_new(a, cheapest);
		struct sl_audit_hit hit = { .set = inner ? cheapest : set, .other = inner ? set : cheapest, .units = left };
		enum sl_rc rc = sl_audit_hide(a, &hit, err);
		if (rc != SL_OK || !inner)
			return rc; /* the set itself is hidden: nothing more to ask of it */
	}
	return SL_OK;
}

/* Hidden sets without units, by family. */
static enum sl_rc list_empty(struct work *w, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	uint32_t n = 0;

	for (uint32_t f = 0; f < a->nfamilies; f++) {
		w->first_empty[f] = n;
		for (uint32_t k = 0; k < a->families[f].nsets; k++) {
			uint32_t set = a->families[f].first_set + k * a->families[f].stride;
			if (a->sets[set].units == 0 && !a->sets[set].shown)
				w->empty[n++] = set;
		}
	}
	w->first_empty[a->nfamilies] = n;
	return sl_meetings_init(&w->m, a, err);
}

enum sl_rc sl_audit_remainders(struct sl_audit *a, struct sl_err *err)
{
	struct work w = { .a = a, .parts = calloc((size_t)a->nfamilies + 1, sizeof *w.parts),
		          .families = calloc((size_t)a->nfamilies + 1, sizeof *w.families),
		          .inner = calloc((size_t)a->nsets + 1, sizeof *w.inner),
		          .empty = calloc((size_t)a->nsets + 1, sizeof *w.empty),
		          .first_empty = calloc((size_t)a->nfamilies + 1, sizeof *w.first_empty) };
	enum sl_rc rc = SL_OK;

	if (w.parts == NULL || w.families == NULL || w.inner == NULL || w.empty == NULL || w.first_empty == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	if (rc == SL_OK)
		rc = list_empty(&w, err);
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++)
		if (a->sets[set].shown && a->sets[set].units > 0 && a->holds[set])
			rc = judge_set(&w, set, err);
	sl_meetings_fini(&w.m);
	free(w.parts);
	free(w.families);
	free(w.inner);
	free(w.empty);
	free(w.first_empty);
	return rc;
}
