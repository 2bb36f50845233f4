//! Where the memory of deliveries goes.

use super::*;

#[tokio::test(start_paused = true)]
async fn memory_goes_back_where_it_came_from_and_a_connection_that_is_gone_keeps_none() {
    let mut world = World::new(|_| {});
    let held = |world: &World| Arc::strong_count(world.shared());
    let nothing = held(&world);
    let handle = |world: &mut World, id: &str| {
        world.event(id);
        world.one().ok(json!(null)).expect("settled");
    };
    handle(&mut world, "a");
    assert_eq!(held(&world), nothing + 1, "it waits for the network thread");
    world.hand_over();
    assert_eq!(held(&world), nothing);
    handle(&mut world, "b");
    drop(std::mem::take(&mut world.intake));
    assert_eq!(held(&world), nothing);
}

#[tokio::test(start_paused = true)]
async fn what_is_large_is_freed_where_it_is() {
    let mut world = World::new(|_| {});
    let nothing = Arc::strong_count(world.shared());
    world.say("c", "m", &"x".repeat(1 << 20));
    world.one().ok(json!(null)).expect("settled");
    assert_eq!(Arc::strong_count(world.shared()), nothing);
}

#[tokio::test(start_paused = true)]
async fn what_a_collector_gives_back_at_once_is_freed_in_portions() {
    let mut world = World::new(|_| {});
    let nothing = Arc::strong_count(world.shared());
    let held = |world: &World| Arc::strong_count(world.shared()) - nothing;
    (0..300).for_each(|id| world.event(&id.to_string()));
    for delivery in world.handed_over() {
        delivery.ok(json!(null)).expect("settled");
    }
    assert_eq!(held(&world), 300);
    world.hand_over();
    assert_eq!(held(&world), 44);
    world.hand_over();
    assert_eq!(held(&world), 0);
}
