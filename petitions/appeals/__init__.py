"""Appeals: a petitioner whose petition was refused asks once for a second look, and another moderator decides."""
