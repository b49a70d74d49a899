const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./uPlot-CnsZ1jie.css"])))=>i.map(i=>d[i]);
import{$ as e,A as t,E as n,I as r,P as i,T as a,a as o,at as s,ct as c,dt as l,et as u,i as d,j as f,k as p,lt as m,m as h,n as g,r as _,t as v,ut as y,v as b,w as x,y as S,z as C}from"./index-CG8dnXLc.js";var w=150,T=e=>getComputedStyle(document.documentElement).getPropertyValue(e).trim();function E({title:t,now:n,times:r,series:a,unit:o=``,most:c}){let u=l(null),d=l(null),f=[r,...a.map(e=>e.values)],p=l(f);return p.current=f,m(()=>{let e=!1,t;return Promise.all([S(()=>import(`./uPlot.esm-BScb58at.js`),[],import.meta.url),S(()=>Promise.resolve({}),__vite__mapDeps([0]),import.meta.url)]).then(([{default:n}])=>{let r=u.current;!e&&r&&(d.current=new n(D(r.clientWidth,a.map(e=>e.name),o,c),p.current,r),t=new ResizeObserver(()=>d.current?.setSize({width:r.clientWidth,height:w})),t.observe(r))}),()=>{e=!0,t?.disconnect(),d.current?.destroy(),d.current=null}},[s.value,e.value]),m(()=>d.current?.setData(f),[r.at(-1)]),i(`figure`,{class:`curve`,children:[i(`figcaption`,{children:[i(`span`,{children:t}),i(`strong`,{children:n})]}),i(`div`,{ref:u,class:`plot`,role:`img`,"aria-label":`${t}: ${n}`}),a.length>1&&i(`p`,{class:`legend`,"aria-hidden":`true`,children:a.map((e,t)=>i(`span`,{class:`key key-${t+1}`,children:e.name},e.name))})]})}function D(e,t,n,r){let i={stroke:T(`--dim`),font:`11px `+T(`--font`),grid:{stroke:T(`--line`),width:1},ticks:{show:!1}};return{width:e,height:w,legend:{show:!1},cursor:{y:!1,points:{size:6}},scales:{y:{range:(e,t,n)=>[0,r??Math.max(n*1.1,1)]}},axes:[{...i,size:26,grid:{show:!1},space:80,values:(e,t)=>t.map(e=>new Date(e*1e3).toLocaleTimeString([],{hour:`2-digit`,minute:`2-digit`}))},{...i,size:44,space:32,values:(e,t)=>t.map(e=>`${e>=1e3?e/1e3+`k`:e}${n.trim()===`%`?`%`:``}`)}],series:[{},...t.map((e,t)=>({label:e,stroke:T(`--curve-${t+1}`),width:1.75,fill:t===0?T(`--curve-fill`):void 0,points:{show:!1}}))]}}var O={page:null,openai:`OpenAI`,anthropic:`Anthropic`,ollama:`Ollama`};function k({all:e}){return i(`section`,{"aria-labelledby":`requests`,children:[i(`h2`,{id:`requests`,children:u(`requests`)}),e.length===0?i(`p`,{class:`empty`,children:u(`requests.none`)}):i(`div`,{class:`table`,tabIndex:0,role:`region`,"aria-labelledby":`requests`,children:i(`table`,{children:[i(`thead`,{children:i(`tr`,{children:[`from`,`model`,`state`,`since`,`read`,`written`,`speed`].map(e=>i(`th`,{scope:`col`,children:u(`requests.${e}`)},e))})}),i(`tbody`,{children:e.map(e=>i(`tr`,{children:[i(`td`,{children:O[e.api]??u(`requests.page`)}),i(`td`,{children:C(e.model)}),i(`td`,{children:u(`stage.${e.state}`)}),i(`td`,{class:`number`,children:t(Date.now()-e.started)}),i(`td`,{class:`number`,children:e.prompt_tokens===null?`–`:a(e.prompt_tokens)}),i(`td`,{class:`number`,children:a(e.completion_tokens)}),i(`td`,{class:`number`,children:e.tokens_per_second===null?`–`:u(`counts.speed`,{n:p(e.tokens_per_second)})})]},e.id))})]})})]})}var A=[{id:`curl`,name:`curl`,code:`bash`},{id:`python`,name:`Python`,code:`python`},{id:`javascript`,name:`JavaScript`,code:`javascript`},{id:`java`,name:`Java`,code:`java`}];function j(e,t,n,r){let i=`${t}/v1/chat/completions`,a=JSON.stringify(n);switch(e){case`curl`:return`curl ${i} \\
  -H 'Content-Type: application/json' \\${r?`
  -H "Authorization: Bearer $HADAL_API_KEY" \\`:``}
  -d '{"model": ${a}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}'
`;case`python`:return`${r?`import os
`:``}from openai import OpenAI  # pip install openai

client = OpenAI(base_url="${t}/v1", api_key=${r?`os.environ["HADAL_API_KEY"]`:`"none"`})
stream = client.chat.completions.create(
    model=${a},
    messages=[{"role": "user", "content": "Why is the sea blue?"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
`;case`javascript`:return`// node ask.mjs
const response = await fetch("${i}", {
  method: "POST",
  headers: { "Content-Type": "application/json"${r?", Authorization: `Bearer ${process.env.HADAL_API_KEY}`":``} },
  body: JSON.stringify({
    model: ${a},
    messages: [{ role: "user", content: "Why is the sea blue?" }],
  }),
});
const answer = await response.json();
console.log(answer.choices[0].message.content);
`;case`java`:return`// java Ask.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class Ask {
  public static void main(String[] args) throws Exception {
    String body =
        """
        {"model": ${a}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("${i}"))
            .header("Content-Type", "application/json")${r?`
            .header("Authorization", "Bearer " + System.getenv("HADAL_API_KEY"))`:``}
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    System.out.println(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
`}}function M({address:e,keyed:t}){let n=c(`curl`),a=l(null),o=j(n.value,e,r.value??`tiny`,t);return y(()=>{let e=new b(A.find(e=>e.id===n.value).code);e.update(o,!0),a.current.replaceChildren(e.element)},[o]),i(`section`,{"aria-labelledby":`snippets`,children:[i(`h2`,{id:`snippets`,children:u(`snippets`)}),i(`p`,{class:`dim`,children:u(`snippets.hint`,{address:e})}),i(`div`,{class:`tabs`,role:`tablist`,"aria-label":u(`snippets`),onKeyDown:e=>{let t=e.key===`ArrowRight`?1:e.key===`ArrowLeft`?-1:0;if(t===0)return;let r=A.findIndex(e=>e.id===n.value);n.value=A[(r+t+A.length)%A.length].id,requestAnimationFrame(()=>document.getElementById(`tab-`+n.value)?.focus())},children:A.map(({id:e,name:t})=>i(`button`,{id:`tab-`+e,type:`button`,role:`tab`,"aria-selected":n.value===e,"aria-controls":`snippet`,tabIndex:n.value===e?0:-1,onClick:()=>n.value=e,children:t},e))}),i(`div`,{id:`snippet`,ref:a,role:`tabpanel`,"aria-labelledby":`tab-`+n.value})]})}function N(){m(()=>void d(),[]);let e=_.value??g.value.at(-1),r=v.value,a=g.value.map(({time:e})=>e/1e3);return i(`div`,{class:`view`,children:[i(h,{title:i(`h1`,{children:u(`view.server`)})}),i(`div`,{class:`view-inside wide`,tabIndex:-1,children:[o.value&&i(f,{failure:o.value,onRetry:()=>void d()}),r&&i(`p`,{class:`facts`,children:[i(`span`,{children:[`Hadal `,r.version]}),i(`span`,{children:u(`server.backend`,{backend:r.backend,threads:r.threads})}),i(`span`,{children:r.processor}),i(`span`,{children:[`Java `,r.java]}),i(`span`,{children:u(`server.up`,{time:t(Date.now()-r.started)})})]}),e&&i(`div`,{class:`curves`,children:[i(E,{title:u(`curve.speed`),now:u(`counts.speed`,{n:p(e.tokens_per_second)}),times:a,series:[{name:u(`curve.out`),values:g.value.map(e=>e.tokens_per_second)},{name:u(`curve.in`),values:g.value.map(e=>e.prompt_tokens_per_second)}]}),i(E,{title:u(`curve.queue`),now:u(`curve.queue.now`,{running:e.running,waiting:e.waiting}),times:a,series:[{name:u(`curve.running`),values:g.value.map(e=>e.running)},{name:u(`curve.waiting`),values:g.value.map(e=>e.waiting)}]}),i(E,{title:u(`curve.kv`),now:`${x(e.kv_used_bytes)} / ${x(e.kv_total_bytes)}`,times:a,most:100,unit:`%`,series:[{name:u(`curve.kv`),values:g.value.map(e=>e.kv_total_bytes?100*e.kv_used_bytes/e.kv_total_bytes:0)}]}),i(E,{title:u(`curve.latency`),now:e.first_token_ms===null?`–`:n(e.first_token_ms),times:a,unit:` ms`,series:[{name:u(`curve.first`),values:g.value.map(e=>e.first_token_ms)},{name:u(`curve.token`),values:g.value.map(e=>e.token_ms)}]})]}),e&&i(k,{all:e.requests}),r&&i(M,{address:r.address,keyed:r.key_required})]})]})}export{N as ServerView};