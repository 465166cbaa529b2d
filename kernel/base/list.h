/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Doubly linked lists inside the things they link. Nothing is allocated. */
#ifndef DK_BASE_LIST_H
#define DK_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;	/* a head that is empty, and a node that
					   is in no list, point to themselves */
};

static inline void list_init(struct list *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct list *list)
{
	return list->next == list;
}

/* NODE must be in no list; it becomes the last. */
static inline void list_add(struct list *head, struct list *node)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#define container_of(node, type, member) \
	((type *)(void *)((char *)(node) - offsetof(type, member)))
#define list_first(head, type, member) \
	container_of((head)->next, type, member)
/* The body may remove the current entry, and no other. */
#define list_each(at, after, head) \
	for ((at) = (head)->next, (after) = (at)->next; (at) != (head); \
	     (at) = (after), (after) = (at)->next)

#endif
