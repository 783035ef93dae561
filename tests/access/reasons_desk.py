"""Mutants of the desk that the matrix does not kill: what doubles them, or why nothing could be seen."""

NOTES = "questionnaire/models/reviews.py NoteQuerySet.visible_to"
OF_CLIENT = "questionnaire/views/reviewing.py notes: filter(client=client) without client"
MOMENTS = (
    "questionnaire/display/timeline.py moments: filter(client=client, assessment__in=keys) without"
)
MODELS = "questionnaire/views/models.py"
OF_FOUND = "of the firm that was found before, for whom it is shown to"
BY_OWN = "an event is looked up by the client's own assessments"

# The client is found first, and their notes by them.
DOUBLES: dict[str, tuple[str, ...]] = {
    f"{NOTES}: ClientProfile.objects.at_the_desk_of(user) → everybody's": (OF_CLIENT,),
    f"{NOTES}: ClientProfile.objects.at_the_desk_of(user) → visible_to": (OF_CLIENT,),
    f"{NOTES}: filter(client__in=clients.values('pk')) without client__in": (OF_CLIENT,),
    "questionnaire/views/reviewing.py notes: Note.objects.visible_to(request.user) → everybody's": (
        OF_CLIENT,
    ),
    f"{MODELS} models: PublishedModels.objects.visible_to(request.user) → everybody's": (
        f"{MODELS} models: filter(firm=firm) without firm",
    ),
}
CHANGE_NOTHING: dict[str, str] = {
    f"{MOMENTS} client": BY_OWN,
    f"{MOMENTS} assessment__in": BY_OWN,
    f"{MODELS} used_by: ModelsInUse.objects.visible_to(request.user) → everybody's": OF_FOUND,
    f"{MODELS} models: ModelDraft.objects.owned_by(request.user) → everybody's": OF_FOUND,
    f"{MODELS} draft: ModelDraft.objects.owned_by(request.user) → everybody's": OF_FOUND,
}
