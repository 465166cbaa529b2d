# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
login_PROGRAMS := Doorman Machine Worker PasserBy
Doorman_SRCS := Doorman.c
Machine_SRCS := Machine.c
Worker_SRCS := Worker.c terminal.c
PasserBy_SRCS := PasserBy.c terminal.c
