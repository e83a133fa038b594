/** Short codes that Slack users and bots commonly write; others are shown as `:code:`, as Slack does for ones it does not know. */
const table = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪|point_right 👉|point_left 👈|point_up 👆
point_down 👇|eyes 👀|heart ❤️|broken_heart 💔|tada 🎉|fire 🔥|100 💯|rocket 🚀|sparkles ✨|star ⭐|star2 🌟|zap ⚡|boom 💥|bulb 💡|mag 🔍|bell 🔔
no_bell 🔕|smile 😄|smiley 😃|grin 😁|joy 😂|slightly_smiling_face 🙂|wink 😉|blush 😊|thinking_face 🤔|confused 😕|cry 😢|sob 😭|scream 😱
sweat_smile 😅|sunglasses 😎|neutral_face 😐|grimacing 😬|sleeping 😴|robot_face 🤖|ghost 👻|see_no_evil 🙈|handshake 🤝|facepalm 🤦|shrug 🤷
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|rotating_light 🚨|no_entry ⛔
no_entry_sign 🚫|octagonal_sign 🛑|construction 🚧|sos 🆘|question ❓|grey_question ❔|exclamation ❗|bangbang ‼️|information_source ℹ️|stop_sign 🛑
red_circle 🔴|large_orange_circle 🟠|orange_circle 🟠|large_yellow_circle 🟡|yellow_circle 🟡|large_green_circle 🟢|green_circle 🟢
large_blue_circle 🔵|blue_circle 🔵|purple_circle 🟣|black_circle ⚫|white_circle ⚪|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨
large_orange_square 🟧|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸
arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrow_up_small 🔼|arrow_down_small 🔽|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️
arrows_counterclockwise 🔄|arrows_clockwise 🔃|repeat 🔁|rewind ⏪|fast_forward ⏩|arrow_forward ▶️|double_vertical_bar ⏸️|pause_button ⏸️
black_square_for_stop ⏹️|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|clock1 🕐|clock3 🕒|clock9 🕘|watch ⌚
calendar 📅|date 📅|spiral_calendar_pad 🗓️|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋|pushpin 📌|round_pushpin 📍
paperclip 📎|link 🔗|memo 📝|pencil ✏️|pencil2 ✏️|page_facing_up 📄|page_with_curl 📃|file_folder 📁|open_file_folder 📂|books 📚|book 📖|bookmark 🔖
label 🏷️|newspaper 📰|scroll 📜|card_index_dividers 🗂️|file_cabinet 🗄️|wastebasket 🗑️|inbox_tray 📥|outbox_tray 📤|email 📧|envelope ✉️|incoming_envelope 📨
speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|mega 📣|loudspeaker 📢|telephone_receiver 📞|phone ☎️|pager 📟|fax 📠|computer 💻
desktop_computer 🖥️|floppy_disk 💾|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|toolbox 🧰|nut_and_bolt 🔩|magnet 🧲|test_tube 🧪|microscope 🔬
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️|detective 🕵️|satellite 🛰️|electric_plug 🔌|battery 🔋|package 📦|bricks 🧱|ladder 🪜
fire_engine 🚒|fire_extinguisher 🧯|ambulance 🚑|helmet_with_white_cross ⛑️|hospital 🏥|thermometer 🌡️|adhesive_bandage 🩹|pill 💊
moneybag 💰|dollar 💵|money_with_wings 💸|credit_card 💳|receipt 🧾|trophy 🏆|medal 🏅|dart 🎯|crystal_ball 🔮|game_die 🎲|jigsaw 🧩|art 🎨
sunny ☀️|cloud ☁️|rainbow 🌈|snowflake ❄️|umbrella ☔|ocean 🌊|seedling 🌱|herb 🌿|evergreen_tree 🌲|palm_tree 🌴|coffee ☕|tea 🍵|pizza 🍕|cake 🍰
house 🏠|office 🏢|factory 🏭|bank 🏦|airplane ✈️|truck 🚚|car 🚗|bike 🚲|dog 🐶|cat 🐱|bug 🐛|beetle 🪲|ant 🐜|bee 🐝|turtle 🐢|snail 🐌|whale 🐳|octopus 🐙
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|hash #️⃣|new 🆕|free 🆓|ok 🆗|up 🆙|cool 🆒
heavy_plus_sign ➕|heavy_minus_sign ➖|heavy_multiplication_x ✖️|infinity ♾️|recycle ♻️|white_small_square ▫️|black_small_square ▪️|end 🔚|back 🔙|soon 🔜
busts_in_silhouette 👥|bust_in_silhouette 👤|technologist 🧑‍💻|superhero 🦸|firefighter 🧑‍🚒|broom 🧹|compass 🧭|world_map 🗺️|globe_with_meridians 🌐|earth_africa 🌍
triangular_flag_on_post 🚩|checkered_flag 🏁|white_flag 🏳️|black_flag 🏴|hole 🕳️|palms_up_together 🤲|raised_hand ✋|hand ✋|v ✌️|crossed_fingers 🤞|face_with_monocle 🧐
`;

const byName: ReadonlyMap<string, string> = new Map(
  table
    .split(/[|\n]/)
    .filter((entry) => entry.includes(' '))
    .map((entry) => {
      const space = entry.indexOf(' ');
      return [entry.slice(0, space), entry.slice(space + 1)] as const;
    }),
);

export function emojiCharacter(name: string): string | undefined {
  return byName.get(name.replace(/::skin-tone-[2-6]$/, ''));
}

/** Names whose code contains the words, those that start with them first. */
export function searchEmoji(query: string, limit: number): { name: string; character: string }[] {
  const wanted = query.toLowerCase().replaceAll(':', '').replaceAll(' ', '_');
  const starting: { name: string; character: string }[] = [];
  const containing: { name: string; character: string }[] = [];
  for (const [name, character] of byName) {
    if (name.startsWith(wanted)) starting.push({ name, character });
    else if (name.includes(wanted)) containing.push({ name, character });
  }
  // Several names may stand for one sign: it is offered once.
  const offered = new Map([...starting, ...containing].reverse().map((each) => [each.character, each]));
  return [...starting, ...containing].filter((each) => offered.get(each.character) === each).slice(0, limit);
}

export const quickReactions = ['white_check_mark', 'eyes', 'raised_hands'] as const;
