/* network.c - see network.h. */
#include "policy/secondary/network.h"

#include <stdlib.h>
#include <string.h>

/* What a path may cost stays within 64 bits: so much of a number's cost counts, at most so many times. */
#define COST_MAX (UINT64_C(1) << 40)
#define TIMES_MAX 64

struct sl_network_entry {
	uint64_t distance, serial;
	uint32_t node;
};

/* --- which equation is turned round ---------------------------------------------------------------------- */

/* A number of two equations must stand in them with unlike signs, once some are multiplied by -1. */
static bool turn(struct sl_network *n, const struct sl_system *s, uint32_t first)
{
	uint32_t nqueue = 0;

	n->sign[first] = 1;
	n->queue[nqueue++] = first;
	for (uint32_t done = 0; done < nqueue; done++) {
		const struct sl_equation *e = &s->equations[n->queue[done]];
		for (uint32_t t = e->first; t < e->first + e->nterms; t++) {
			const struct sl_place *places = &s->places[s->first_place[s->terms[t].fact]];
			if (s->first_place[s->terms[t].fact + 1] - s->first_place[s->terms[t].fact] != 2)
				continue;
			uint32_t other = places[places[0].equation == n->queue[done]].equation;
			int wanted = -n->sign[n->queue[done]] * places[0].factor * places[1].factor;
			if (n->sign[other] == 0) {
				n->sign[other] = (int8_t)wanted;
				n->queue[nqueue++] = other;
			} else if (n->sign[other] != wanted) {
				return false;
			}
		}
	}
	return true;
}

static bool turn_all(struct sl_network *n, const struct sl_system *s)
{
	for (uint32_t f = 0; f < s->nfacts; f++)
		if (s->first_place[f + 1] - s->first_place[f] > 2)
			return false;
	for (uint32_t e = 0; e < s->nequations; e++)
		if (!s->equations[e].implied && n->sign[e] == 0 && !turn(n, s, e))
			return false;
	return true;
}

/* --- nodes and arcs -------------------------------------------------------------------------------------- */

static bool is_hidden(const struct sl_fact *f)
{
	return f->state != SL_FACT_SHOWN && f->insider != SL_INSIDER_UNIT;
}

static uint64_t hidden_first(struct sl_network *n, const struct sl_system *s, uint32_t node)
{
	uint32_t *arcs = &n->arcs[n->first_arc[node]], narcs = n->first_arc[node + 1] - n->first_arc[node];

	n->nhidden[node] = 0;
	for (uint32_t i = 0; i < narcs; i++)
		if (is_hidden(&s->facts[arcs[i]])) {
			uint32_t hidden = arcs[i];
			arcs[i] = arcs[n->nhidden[node]];
			arcs[n->nhidden[node]++] = hidden;
		}
	for (uint32_t i = 0; i < narcs; i++)
		n->ends[n->first_arc[node] + i] = n->from[arcs[i]] == node ? n->to[arcs[i]] : n->from[arcs[i]];
	return narcs;
}

/* Its end in an equation: where it adds to what is there, once that is turned, or takes away. */
static void set_end(struct sl_network *n, uint32_t fact, const struct sl_place *place)
{
	*(place->factor * n->sign[place->equation] > 0 ? &n->to[fact] : &n->from[fact]) = place->equation + 1;
}

/* Of the members; who is outside at both ends has no arc. */
static void list_arcs(struct sl_network *n, const struct sl_system *s)
{
	/* Counted two ahead, so that filling moves each start to where it belongs. */
	memset(n->first_arc, 0, ((size_t)n->nnodes + 2) * sizeof *n->first_arc);
	for (uint32_t i = 0; i < n->nmembers; i++) {
		uint32_t f = n->members[i];
		n->first_arc[n->from[f] + 2] += n->from[f] != n->to[f];
		n->first_arc[n->to[f] + 2] += n->from[f] != n->to[f];
	}
	for (uint32_t i = 2; i < n->nnodes + 2; i++)
		n->first_arc[i] += n->first_arc[i - 1];
	for (uint32_t i = 0; i < n->nmembers; i++) {
		uint32_t f = n->members[i];
		if (n->from[f] == n->to[f])
			continue;
		n->arcs[n->first_arc[n->from[f] + 1]++] = f;
		n->arcs[n->first_arc[n->to[f] + 1]++] = f;
	}
	for (uint32_t node = 0; node < n->nnodes; node++)
		(void)hidden_first(n, s, node);
}

static void list_whole(struct sl_network *n, const struct sl_system *s)
{
	for (uint32_t f = 0; f < s->nfacts; f++) {
		n->members[n->nmembers++] = f;
		for (uint32_t i = s->first_place[f]; i < s->first_place[f + 1]; i++)
			set_end(n, f, &s->places[i]);
	}
	list_arcs(n, s);
}

/*
 * Takes a fact in when it stands in the slice's equations as `like` does, and in two others. All have the same factors:
 * so what adds up to nothing in all equations of place a does in the slice's.
 */
static void add_member(struct sl_network *n, const struct sl_system *s, uint32_t fact, const struct sl_place *like,
                       uint32_t a, uint32_t b)
{
	const struct sl_place *own = &s->places[s->first_place[fact]];
	uint32_t nplaces = s->first_place[fact + 1] - s->first_place[fact];

	for (uint32_t i = 0; i < nplaces; i++)
		if (i != a && i != b && (own[i].equation != like[i].equation || own[i].factor != like[i].factor))
			return;
	int8_t *first = &n->sign[own[a].equation], *second = &n->sign[own[b].equation];
	if (own[a].factor != like[a].factor || own[b].factor != like[a].factor || *first < 0 || *second > 0)
		return;
	*first = 1;
	*second = -1;
	set_end(n, fact, &own[a]);
	set_end(n, fact, &own[b]);
	n->members[n->nmembers++] = fact;
}

uint64_t sl_network_slice(struct sl_network *n, const struct sl_system *s, uint32_t fact, uint32_t a, uint32_t b)
{
	const struct sl_place *like = &s->places[s->first_place[fact]];
	uint32_t nplaces = s->first_place[fact + 1] - s->first_place[fact];
	const struct sl_equation *least = NULL;

	for (uint32_t i = 0; i < nplaces; i++) {
		const struct sl_equation *e = &s->equations[like[i].equation];
		if (i != a && i != b && (least == NULL || e->nterms < least->nterms))
			least = e;
	}
	n->nmembers = 0;
	if (least == NULL)
		return nplaces;
	memset(n->sign, 0, s->nequations * sizeof *n->sign);
	add_member(n, s, fact, like, a, b);
	for (uint32_t t = least->first; t < least->first + least->nterms; t++) {
		uint32_t other = s->terms[t].fact;
		if (other != fact && s->first_place[other + 1] - s->first_place[other] == nplaces)
			add_member(n, s, other, like, a, b);
	}
	list_arcs(n, s);
	return (uint64_t)least->nterms * 3 + n->nnodes;
}

static bool allocate(struct sl_network *n, const struct sl_system *s)
{
	size_t nfacts = (size_t)s->nfacts + 1, nnodes = (size_t)s->nequations + 1;

	n->members = calloc(nfacts, sizeof *n->members);
	n->from = calloc(nfacts, sizeof *n->from);
	n->to = calloc(nfacts, sizeof *n->to);
	n->arcs = calloc(2 * nfacts, sizeof *n->arcs);
	n->ends = calloc(2 * nfacts, sizeof *n->ends);
	n->heap = calloc(2 * nfacts + nnodes, sizeof *n->heap);
	n->sign = calloc(nnodes, sizeof *n->sign);
	n->queue = calloc(nnodes, sizeof *n->queue);
	n->first_arc = calloc(nnodes + 2, sizeof *n->first_arc);
	n->nhidden = calloc(nnodes, sizeof *n->nhidden);
	n->distance = calloc(nnodes, sizeof *n->distance);
	n->by = calloc(nnodes, sizeof *n->by);
	n->path = calloc(nnodes, sizeof *n->path);
	n->settled = calloc(nnodes, sizeof *n->settled);
	return n->members != NULL && n->from != NULL && n->to != NULL && n->arcs != NULL && n->ends != NULL &&
	       n->heap != NULL && n->sign != NULL && n->queue != NULL && n->first_arc != NULL && n->nhidden != NULL &&
	       n->distance != NULL && n->by != NULL && n->path != NULL && n->settled != NULL;
}

enum sl_rc sl_network_init(struct sl_network *n, const struct sl_system *s, struct sl_err *err)
{
	*n = (struct sl_network){ .nnodes = s->nequations + 1 };
	if (!allocate(n, s))
		return sl_err_set(err, SL_E_NOMEM, "no memory to look for witnesses");
	n->whole = turn_all(n, s);
	if (n->whole)
		list_whole(n, s);
	return SL_OK;
}

void sl_network_fini(struct sl_network *n)
{
	free(n->members);
	free(n->from);
	free(n->to);
	free(n->arcs);
	free(n->ends);
	free(n->heap);
	free(n->sign);
	free(n->queue);
	free(n->first_arc);
	free(n->nhidden);
	free(n->distance);
	free(n->by);
	free(n->path);
	free(n->settled);
	memset(n, 0, sizeof *n);
}

uint64_t sl_network_changed(struct sl_network *n, const struct sl_system *s, uint32_t fact)
{
	if (!n->whole || n->from[fact] == n->to[fact])
		return 1; /* a slice is made anew each time */
	return hidden_first(n, s, n->from[fact]) + hidden_first(n, s, n->to[fact]);
}

/* --- paths ----------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

static bool is_before(const struct sl_network_entry *a, const struct sl_network_entry *b)
{
	return a->distance != b->distance ? a->distance < b->distance : a->serial < b->serial;
}

static void push(struct sl_network *n, uint32_t node, uint64_t distance)
{
	const struct sl_network_entry new = { distance, n->serial++, node };
	uint32_t at = n->nheap++;

	for (; at > 0 && is_before(&new, &n->heap[(at - 1) / 2]); at = (at - 1) / 2)
		n->heap[at] = n->heap[(at - 1) / 2];
	n->heap[at] = new;
}

static uint32_t pop(struct sl_network *n)
{
	const uint32_t node = n->heap[0].node;
	const struct sl_network_entry last = n->heap[--n->nheap];
	uint32_t at = 0, child;

	while ((child = 2 * at + 1) < n->nheap) {
		child += child + 1 < n->nheap && is_before(&n->heap[child + 1], &n->heap[child]);
		if (!is_before(&n->heap[child], &last))
			break;
		n->heap[at] = n->heap[child];
		at = child;
	}
	n->heap[at] = last;
	return node;
}

/* How much the fact can carry away from a node. */
static int64_t room(const struct sl_network *n, const struct sl_system *s, const int64_t *values, uint32_t fact,
                    uint32_t node)
{
	const struct sl_fact *f = &s->facts[fact];

	return n->from[fact] == node ? f->hi - values[fact] : values[fact] - f->lo;
}

/* What it costs to move a shown number: to hide it, as often as such numbers would be needed. UINT64_MAX: no way. */
static uint64_t price(const struct sl_fact *f, const struct sl_route *r, int64_t room)
{
	uint64_t times = (uint64_t)(r->wanted / room + (r->wanted % room != 0));

	if (!r->may_hide || f->cost == 0 || f->value == 0 || f->insider != SL_INSIDER_NONE || f->row == r->banned)
		return UINT64_MAX;
	return ((f->cost < COST_MAX ? f->cost : COST_MAX) * (times < TIMES_MAX ? times : TIMES_MAX)) << 8 |
	       (mix(r->key ^ mix(f->row)) & 0xff);
}

static uint64_t length_of(const struct sl_network *n, const struct sl_system *s, const struct sl_route *r,
                          const int64_t *values, uint32_t fact, uint32_t node)
{
	const struct sl_fact *f = &s->facts[fact];
	int64_t can = room(n, s, values, fact, node);

	if (fact == r->fixed || can <= 0 || (f->insider == SL_INSIDER_EVERYBODY && !r->freed[fact]))
		return UINT64_MAX;
	return is_hidden(f) || r->moved[fact] ? 0 : price(f, r, can);
}

/*
 * Who is as near as this node is no nearer by way of it, and is not looked at: of hidden numbers, which cost nothing,
 * that is nearly everybody. True: so near is the sink now, and nothing brings it nearer.
 */
static bool look_from(struct sl_network *n, const struct sl_system *s, const struct sl_route *r, const int64_t *values,
                      uint32_t node, uint64_t *work)
{
	uint32_t first = n->first_arc[node], narcs = r->may_hide ? n->first_arc[node + 1] - first : n->nhidden[node];
	const uint64_t here = n->distance[node];

	for (uint32_t i = first; i < first + narcs; i++) {
		uint32_t other = n->ends[i];
		if (n->distance[other] <= here)
			continue;
		uint64_t length = length_of(n, s, r, values, n->arcs[i], node);
		if (length >= UINT64_MAX - here || here + length >= n->distance[other])
			continue;
		n->distance[other] = here + length;
		n->by[other] = n->arcs[i];
		if (other == r->sink && length == 0) {
			*work += i - first + 1;
			return true;
		}
		push(n, other, n->distance[other]);
	}
	*work += narcs;
	return false;
}

/* The shortest path there is, in `by`. */
static bool reach(struct sl_network *n, const struct sl_system *s, const struct sl_route *r, const int64_t *values,
                  uint64_t *work)
{
	memset(n->settled, 0, n->nnodes);
	memset(n->distance, 0xff, n->nnodes * sizeof *n->distance);
	*work += n->nnodes;
	n->nheap = 0;
	n->distance[r->source] = 0;
	push(n, r->source, 0);
	while (n->nheap > 0) {
		uint32_t node = pop(n);
		if (node == r->sink)
			return true;
		if (!n->settled[node]) {
			n->settled[node] = 1;
			if (look_from(n, s, r, values, node, work))
				return true;
		}
	}
	return false;
}

int64_t sl_network_carry(struct sl_network *n, const struct sl_system *s, const struct sl_route *r, int64_t *values,
                         uint64_t *work)
{
	int64_t most = r->wanted;

	n->npath = 0;
	if (!reach(n, s, r, values, work))
		return 0;
	for (uint32_t node = r->sink; node != r->source; n->npath++) {
		uint32_t fact = n->by[node], before = n->from[fact] == node ? n->to[fact] : n->from[fact];
		int64_t can = room(n, s, values, fact, before);
		most = can < most ? can : most;
		n->path[n->npath] = fact;
		node = before;
	}
	for (uint32_t node = r->sink, i = 0; i < n->npath; i++) {
		uint32_t fact = n->path[i];
		bool raised = n->to[fact] == node;
		values[fact] += raised ? most : -most;
		node = raised ? n->from[fact] : n->to[fact];
	}
	return most;
}

int64_t sl_network_room(const struct sl_network *n, const struct sl_system *s, const struct sl_route *r, uint32_t fact)
{
	const struct sl_fact *f = &s->facts[fact];
	bool from = n->distance[n->from[fact]] != UINT64_MAX, to = n->distance[n->to[fact]] != UINT64_MAX;

	if (from == to || fact == r->fixed || f->insider == SL_INSIDER_UNIT ||
	    (f->insider == SL_INSIDER_EVERYBODY && !r->freed[fact]))
		return 0;
	return from ? f->hi - f->value : f->value - f->lo;
}
