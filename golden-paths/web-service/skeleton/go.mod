// Nobody imports this module; the dot keeps its name apart from the standard library's.
module ${{ values.team }}.internal/${{ values.name }}

go 1.26
