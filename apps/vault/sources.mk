# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
vault_PROGRAMS := Shelf Visitor
Shelf_SRCS := Shelf.c
Visitor_SRCS := Visitor.c
