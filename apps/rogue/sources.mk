# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
rogue_PROGRAMS := Rogue Victim Bystander
Rogue_SRCS := rogue.c raw.c hail.c frames.c bodies.c answers.c floods.c \
	      descriptors.c ends.c calls.c
Victim_SRCS := victim.c
Bystander_SRCS := bystander.c
